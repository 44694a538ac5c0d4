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
    private readonly SlidingProduct product;
    private readonly TapTile tile;
    private readonly BlockGeometry geometry;
    private readonly PaddedPlanes<TSimd, TVector, T> planes;
    private readonly int panelsPerGroup;
    private readonly int filterParts;
    private readonly bool isStreaming;
    private readonly nint asidePitch;
    private readonly nint depthBlock;
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
        });
        planes = new PaddedPlanes<TSimd, TVector, T>(product, geometry);
        panelsPerGroup = (int)BlockSizes.CeilingDivide(product.Filters, tile.Rows);
        filterParts = (int)Math.Clamp(BlockSizes.CeilingDivide(2 * Workers.ThreadCount, Blocks), 1, panelsPerGroup);
        asidePitch = BlockSizes.RoundUp(geometry.MaximumLine, tile.Lanes) + tile.Lanes;
        depthBlock = BlockSizes.Even(product.Depth, MostDepth, 4);
        isStreaming = geometry.Images == 1 && filterParts == 1
            && (double)product.Images * product.Groups * product.Filters * product.OutputSize.Area * sizeof(T) > Kernels.Simd.Elementwise.StreamedBeyond
            && product.Output.HasAdjacentRows(product.OutputSize.Width)
            && product.OutputSize.Area >= 16 * TSimd.Count;
    }

    private nint Blocks => geometry.Blocks;

    private bool IsSerial => product.Flops < 1e6;

    // As many as a vector holds are read beyond the planes.
    private nint PlanesLength => (product.Channels * geometry.ChannelPitch) + tile.Lanes;

    private nint AsideLength => (tile.Rows * asidePitch) + tile.Lanes;

    private nint LinesLength => isStreaming ? product.Filters * (nint)FinishedRows<TSimd, TVector, T>.LineLength : 0;

    /// <summary>Computes the result.</summary>
    public void Run()
    {
        using CpuBuffer filters = MatrixMultiply.Allocate(FilterPanels<T>.Length(product, tile.Rows) * sizeof(T));
        using CpuBuffer table = MatrixMultiply.Allocate(product.Depth * (long)sizeof(nint));
        panels = new FilterPanels<T>(product, tile.Rows, (T*)filters.Address);
        offsets = (nint*)table.Address;
        WriteOffsets();
        For(panels.Count, panels.Pack);
        nint units = Blocks * filterParts;
        nint tasks = Math.Min(units, TasksPerThread * Workers.ThreadCount);
        For((int)tasks, task => RunTask(units * task / tasks, units * (task + 1) / tasks));
        GC.KeepAlive(filters);
        GC.KeepAlive(table);
    }

    private void For(int tasks, Action<int> run)
    {
        if (!IsSerial)
        {
            Workers.For(tasks, run);
            return;
        }

        for (int task = 0; task < tasks; task++)
        {
            run(task);
        }
    }

    private void WriteOffsets()
    {
        nint* next = offsets;
        for (int channel = 0; channel < product.Channels; channel++)
        {
            foreach (Tap tap in product.Taps)
            {
                *next++ = geometry.Offset(channel, tap) * sizeof(T);
            }
        }
    }

    private void RunTask(nint first, nint end)
    {
        using CpuBuffer memory = MatrixMultiply.Allocate((PlanesLength + (2 * AsideLength) + LinesLength) * sizeof(T));
        T* planesMemory = (T*)memory.Address;
        T* aside = planesMemory + PlanesLength;
        T* otherAside = aside + AsideLength;
        ResultWriter<TSimd, TVector, T> writer = new(product, geometry, isStreaming, asidePitch, otherAside + AsideLength);
        for (nint unit = first; unit < end; unit++)
        {
            (nint blockIndex, nint part) = Math.DivRem(unit, filterParts);
            PixelBlock block = geometry.Block(blockIndex);
            if (unit == first || part == 0)
            {
                planes.Fill(block, 0, product.Channels, planesMemory);
                Interruption.Check();
            }

            int panelEnd = (int)((part + 1) * panelsPerGroup / filterParts);
            for (int row = 0; row < block.Rows; row += geometry.LineRows)
            {
                PixelBlock lineBlock = block with { Row = block.Row + row, Rows = Math.Min(geometry.LineRows, block.Rows - row) };
                T* start = planesMemory + (row * (nint)geometry.RowPitch);
                nint line = geometry.Line(block.Images, lineBlock.Rows, block.Columns);
                for (int panel = (int)(part * panelsPerGroup / filterParts); panel < panelEnd; panel++)
                {
                    (int filter, int filters) = panels.Filters(panel);
                    Multiply(panels.Panel(block.Group, panel), filters, line, start, aside, writer);
                    writer.Begin(lineBlock, filter, filters, aside);
                    T* last = aside;
                    aside = otherAside;
                    otherAside = last;
                }
            }

            if (unit + 1 == end || blockIndex % geometry.BlocksPerImage == geometry.BlocksPerImage - 1)
            {
                writer.Step(writer.Remaining);
                writer.EndRuns(block);
            }
        }
    }

    /// <summary>Computes some filters' pixels of a block; between tiles, what was finished before is moved on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(T* panel, int filters, nint line, T* planesMemory, T* aside, ResultWriter<TSimd, TVector, T> writer)
    {
        int vectors = tile.Vectors(filters);
        nint columns = vectors * tile.Lanes;
        nint depth = product.Depth;
        nint pitchBytes = asidePitch * sizeof(T);
        TileBody whole = tile.Body(filters, vectors);
        nint lastColumns = line - ((line - 1) / columns * columns);
        TileBody last = tile.Body(filters, (int)BlockSizes.CeilingDivide(lastColumns, tile.Lanes));
        nint tiles = BlockSizes.CeilingDivide(line, columns) * Math.Max(1, BlockSizes.CeilingDivide(depth, depthBlock));
        int step = (int)BlockSizes.CeilingDivide(writer.Remaining, tiles);
        nint from = 0;
        do
        {
            nint steps = Math.Min(depthBlock, depth - from);
            T* weights = panel + (from * tile.Rows);
            for (nint place = 0; place < line; place += columns)
            {
                TileBody body = line - place > columns ? whole : last;
                body(steps, weights, planesMemory + place, aside + place, pitchBytes, from > 0, offsets + from);
                writer.Step(step);
            }

            from += steps;
        }
        while (from < depth);
        writer.Step(writer.Remaining);
    }
}
