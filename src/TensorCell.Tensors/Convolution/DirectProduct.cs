using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Computes a sliding product without ever spreading its input out into a matrix: the filters are packed once for all threads; then tasks, each some blocks
/// of pixels, copy what they read of the input into padded planes, run every tile of filters over them, and hand on finished pixels while they are in
/// the nearest cache. Every element is summed in one order, whatever the number of threads and the cuts.
/// </summary>
internal sealed unsafe class DirectProduct<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const int TasksPerThread = 16;
    private const int MostDepth = 576;
    private const nint MostFinished = 96 << 10;
    private readonly SlidingProduct product;
    private readonly TapTile tile;
    private readonly BlockGeometry geometry;
    private readonly InputLines<TSimd, TVector, T> input;
    private readonly int panelsPerGroup;
    private readonly int filterParts;
    private readonly bool isStreaming;
    private readonly nint asidePitch;
    private readonly nint depthBlock;
    private readonly int asides;
    private FilterPanels<T> panels = null!;
    private nint* offsets;

    /// <summary>Plans the computation.</summary>
    /// <param name="product">What to compute.</param>
    /// <param name="tile">The tile for its element type.</param>
    public DirectProduct(SlidingProduct product, TapTile tile)
    {
        this.product = product;
        this.tile = tile;
        geometry = new BlockGeometry(product, new BlockLimits
        {
            Line = Math.Max(4 * tile.Vectors(tile.Rows) * tile.Lanes, BlockSizes.CacheBytes(1) / 2 / (tile.Rows * sizeof(T))),
            Memory = BlockSizes.CacheBytes(2) / 2 / sizeof(T),
            Channels = product.Channels,
            Columns = tile.Vectors(tile.Rows) * tile.Lanes,
            Lanes = tile.Lanes,
            Filters = product.Filters,
        });
        input = new InputLines<TSimd, TVector, T>(product, geometry);
        panelsPerGroup = (int)BlockSizes.CeilingDivide(product.Filters, tile.Rows);
        asidePitch = BlockSizes.RoundUp(geometry.MaximumLine, tile.Lanes) + tile.Lanes;
        nint wantedParts = BlockSizes.CeilingDivide(2 * Workers.ThreadCount, geometry.Blocks);
        if (geometry.IsSpread)
        {
            wantedParts = Math.Max(wantedParts, BlockSizes.CeilingDivide(product.Filters * asidePitch * sizeof(T), MostFinished * sizeof(float)));
        }

        filterParts = (int)Math.Clamp(wantedParts, 1, panelsPerGroup);
        asides = geometry.IsSpread ? (int)BlockSizes.CeilingDivide(panelsPerGroup, filterParts) + 1 : 2;
        depthBlock = BlockSizes.Even(product.Depth, MostDepth, 4);
        isStreaming = geometry.Images == 1 && filterParts == 1
            && (double)product.Images * product.Groups * product.Filters * product.OutputSize.Area * sizeof(T) > Kernels.Simd.Elementwise.StreamedBeyond
            && product.Output.HasAdjacentRows(product.OutputSize.Width)
            && product.OutputSize.Area >= 16 * TSimd.Count;
    }

    private nint AsideLength => (tile.Rows * asidePitch) + tile.Lanes;

    private int Results => product.Epilogue?.Results.Length ?? 1;

    private nint AsidesLength => asides * AsideLength * Math.Max(1, Results);

    private nint LinesLength => isStreaming ? Results * product.Filters * (nint)FinishedRows<TSimd, TVector, T>.LineLength : 0;

    /// <summary>Computes the result.</summary>
    public void Run()
    {
        using CpuBuffer filters = MatrixMultiply.Allocate(FilterPanels<T>.Length(product, tile.Rows) * sizeof(T));
        using CpuBuffer table = MatrixMultiply.Allocate(input.Channels * (long)product.Taps.Length * sizeof(nint));
        panels = new FilterPanels<T>(product, tile.Rows, (T*)filters.Address);
        offsets = (nint*)table.Address;
        input.WriteOffsets(offsets);
        product.For(panels.Count, panels.Pack);
        nint units = geometry.Blocks * filterParts;
        nint tasks = Math.Min(units, TasksPerThread * Workers.ThreadCount);
        product.For((int)tasks, task => RunTask(units * task / tasks, units * (task + 1) / tasks));
        GC.KeepAlive(filters);
        GC.KeepAlive(table);
    }

    private void RunTask(nint first, nint end)
    {
        nint epilogueBytes = EpilogueLines<TSimd, TVector, T>.Bytes(geometry.Layout, product.Epilogue);
        using CpuBuffer memory = MatrixMultiply.Allocate(((input.Length + AsidesLength + LinesLength) * sizeof(T)) + epilogueBytes);
        T* inputMemory = (T*)memory.Address;
        T* finished = inputMemory + input.Length;
        T* incomplete = finished + AsidesLength;
        EpilogueLines<TSimd, TVector, T>? epilogue = product.Epilogue is null
            ? null
            : new(geometry.Layout, product.Epilogue, asidePitch, asides * AsideLength, (byte*)(incomplete + LinesLength));
        ResultWriter<TSimd, TVector, T> writer = new(product, geometry, isStreaming, asidePitch, asides * AsideLength, incomplete, epilogue);
        int aside = 0;
        T* lines = null;
        for (nint unit = first; unit < end; unit++)
        {
            (nint blockIndex, nint part) = Math.DivRem(unit, filterParts);
            PixelBlock block = geometry.Block(blockIndex);
            int panelFirst = (int)(part * panelsPerGroup / filterParts);
            int panelEnd = (int)((part + 1) * panelsPerGroup / filterParts);
            int channel = 0;
            do
            {
                int channels = Math.Min(input.Channels, product.Channels - channel);
                bool isLast = channel + channels == product.Channels;
                if (unit == first || part == 0 || input.Channels < product.Channels)
                {
                    lines = input.Fill(block, channel, channels, inputMemory);
                    Interruption.Check();
                }

                for (int row = 0; row < block.Rows; row += geometry.LineRows)
                {
                    PixelBlock line = block with { Row = block.Row + row, Rows = Math.Min(geometry.LineRows, block.Rows - row) };
                    nint length = geometry.Line(line.Images, line.Rows, line.Columns);
                    for (int panel = panelFirst; panel < panelEnd; panel++)
                    {
                        (int filter, int filters) = panels.Filters(panel);
                        T* weights = panels.Panel(block.Group, panel) + (channel * (nint)product.Taps.Length * tile.Rows);
                        T* sums = finished + ((aside + panel - panelFirst) % asides * AsideLength);
                        Multiply(
                            weights, filters, channels * (nint)product.Taps.Length, lines + (row * (nint)geometry.LineRowPitch), length, sums, channel > 0, writer);
                        if (isLast)
                        {
                            writer.Begin(line, filter, filters, sums);
                        }
                    }

                    aside = isLast ? (aside + panelEnd - panelFirst) % asides : aside;
                }

                channel += channels;
            }
            while (channel < product.Channels);

            if (unit + 1 == end || blockIndex % geometry.BlocksPerImage == geometry.BlocksPerImage - 1)
            {
                writer.Step(writer.Remaining);
                writer.EndRuns(block);
            }
        }
    }

    /// <summary>Adds up some filters' sums for the places of a line; between tiles, what was finished before is moved on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(
        T* weights, int filters, nint depth, T* lines, nint length, T* sums, bool accumulate, ResultWriter<TSimd, TVector, T> writer)
    {
        int vectors = tile.Vectors(filters);
        nint columns = vectors * tile.Lanes;
        nint pitchBytes = asidePitch * sizeof(T);
        TileBody whole = tile.Body(filters, vectors);
        nint lastColumns = length - ((length - 1) / columns * columns);
        TileBody last = tile.Body(filters, (int)BlockSizes.CeilingDivide(lastColumns, tile.Lanes));
        nint tiles = BlockSizes.CeilingDivide(length, columns) * Math.Max(1, BlockSizes.CeilingDivide(depth, depthBlock));
        int step = (int)BlockSizes.CeilingDivide(writer.Remaining, tiles);
        nint from = 0;
        do
        {
            nint steps = Math.Min(depthBlock, depth - from);
            for (nint place = 0; place < length; place += columns)
            {
                TileBody body = length - place > columns ? whole : last;
                body(steps, weights + (from * tile.Rows), lines + place, sums + place, pitchBytes, accumulate, offsets + from);
                writer.Step(step);
            }

            from += steps;
            accumulate = true;
        }
        while (from < depth);
        writer.Step(writer.Remaining);
    }
}
