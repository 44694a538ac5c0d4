using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Computes the gradient of a sliding product's weights, which are written, from its input and the gradient of its result: for every filter, channel and tap
/// the scalar product of the filter's gradients with what the tap reads, along all pixels. Tasks are channels of some blocks of pixels; what several
/// tasks find for the same weights is added up in the order of the blocks, so that nothing depends on the number of threads.
/// </summary>
internal sealed unsafe class WeightProduct<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const int Tasks = 32;
    private const int TermsPerTask = 144;
    private const int MostChannels = 64;
    private const int MostFilters = 64;
    private readonly SlidingProduct product;
    private readonly DotTile tile;
    private readonly BlockGeometry geometry;
    private readonly PaddedPlanes<TSimd, TVector, T> planes;
    private readonly int channelsPerTask;
    private readonly int channelTasks;
    private readonly int blockTasks;
    private readonly nint linePitch;
    private nint* offsets;
    private T* partial;

    /// <summary>Plans the computation.</summary>
    /// <param name="product">The product; its output is the gradient, its weights are written.</param>
    /// <param name="tile">The tile for its element type.</param>
    public WeightProduct(SlidingProduct product, DotTile tile)
    {
        this.product = product;
        this.tile = tile;
        int most = Math.Clamp(TermsPerTask / product.Taps.Length, 1, MostChannels);
        channelTasks = (product.Channels + most - 1) / most;
        channelsPerTask = (product.Channels + channelTasks - 1) / channelTasks;
        geometry = new BlockGeometry(product, new BlockLimits
        {
            Line = Math.Max(8 * tile.Lanes, BlockSizes.CacheBytes(1) / 2 / (tile.Filters * sizeof(T))),
            Memory = BlockSizes.CacheBytes(2) / 2 / sizeof(T),
            Channels = channelsPerTask,
            Columns = 4 * tile.Lanes,
            Lanes = tile.Lanes,
        });
        planes = new PaddedPlanes<TSimd, TVector, T>(product, geometry);
        blockTasks = (int)Math.Clamp(Tasks / (product.Groups * (nint)channelTasks), 1, BlocksPerGroup);
        linePitch = BlockSizes.RoundUp(geometry.MaximumLine, tile.Lanes) + tile.Lanes;
    }

    private nint BlocksPerGroup => geometry.Blocks / product.Groups;

    private nint WeightCount => product.Groups * (nint)product.Filters * product.Depth;

    // As many as a line is rounded up by, and a vector, are read beyond the planes.
    private nint PlanesLength => (channelsPerTask * geometry.ChannelPitch) + (2 * tile.Lanes);

    /// <summary>Computes the gradient.</summary>
    public void Run()
    {
        using CpuBuffer table = MatrixMultiply.Allocate(channelsPerTask * (long)product.Taps.Length * sizeof(nint));
        using CpuBuffer? partials = blockTasks > 1 ? MatrixMultiply.Allocate(blockTasks * WeightCount * sizeof(T)) : null;
        offsets = (nint*)table.Address;
        partial = partials is null ? (T*)product.Weights.Address : (T*)partials.Address;
        nint* next = offsets;
        for (int channel = 0; channel < channelsPerTask; channel++)
        {
            foreach (Tap tap in product.Taps)
            {
                *next++ = geometry.Offset(channel, tap) * sizeof(T);
            }
        }

        Workers.For(product.Groups * channelTasks * blockTasks, RunTask);
        if (partials is not null)
        {
            nint parts = BlockSizes.CeilingDivide(WeightCount, 4096);
            Workers.For((int)parts, part => AddUp(part * 4096, Math.Min(WeightCount, (part + 1) * 4096)));
        }

        GC.KeepAlive(table);
        GC.KeepAlive(partials);
    }

    private void AddUp(nint first, nint end)
    {
        T* weights = (T*)product.Weights.Address;
        for (nint index = first; index < end; index++)
        {
            T sum = partial[index];
            for (nint task = 1; task < blockTasks; task++)
            {
                sum = Numbers<T>.Add(sum, partial[(task * WeightCount) + index]);
            }

            weights[index] = sum;
        }
    }

    private void RunTask(int task)
    {
        (int outer, int blockTask) = Math.DivRem(task, blockTasks);
        (int group, int channelTask) = Math.DivRem(outer, channelTasks);
        int channel = channelTask * channelsPerTask;
        int channels = Math.Min(channelsPerTask, product.Channels - channel);
        int filtersAtOnce = Math.Min(product.Filters, MostFilters);
        nint sumsLength = tile.Filters * tile.Taps * tile.Lanes;
        using CpuBuffer memory = MatrixMultiply.Allocate((PlanesLength + (filtersAtOnce * linePitch) + sumsLength) * sizeof(T));
        T* planesMemory = (T*)memory.Address;
        T* gradients = planesMemory + PlanesLength;
        T* sums = gradients + (filtersAtOnce * linePitch);

        // What is read between and beyond the pixels is multiplied by zero, and must be finite.
        PixelRow<TSimd, TVector, T>.Clear(planesMemory, PlanesLength);
        T* target = partial + (blockTask * WeightCount) + ((((group * (nint)product.Filters) * product.Channels) + channel) * product.Taps.Length);
        for (int filter = 0; filter < product.Filters; filter++)
        {
            PixelRow<TSimd, TVector, T>.Clear(target + (filter * (nint)product.Depth), channels * (nint)product.Taps.Length);
        }

        nint blockEnd = BlocksPerGroup * (blockTask + 1) / blockTasks;
        for (nint index = BlocksPerGroup * blockTask / blockTasks; index < blockEnd; index++)
        {
            Interruption.Check();
            (nint images, nint inner) = Math.DivRem(index, geometry.BlocksPerImage);
            PixelBlock block = geometry.Block((((images * product.Groups) + group) * geometry.BlocksPerImage) + inner);
            planes.Fill(block, channel, channels, planesMemory);
            for (int row = 0; row < block.Rows; row += geometry.LineRows)
            {
                PixelBlock line = block with { Row = block.Row + row, Rows = Math.Min(geometry.LineRows, block.Rows - row) };
                for (int filter = 0; filter < product.Filters; filter += filtersAtOnce)
                {
                    int filters = Math.Min(filtersAtOnce, product.Filters - filter);
                    FillGradients(line, filter, filters, gradients);
                    AddLine(line, filters, channels, planesMemory + (row * (nint)geometry.RowPitch), gradients, sums, target + (filter * (nint)product.Depth));
                }
            }
        }
    }

    /// <summary>Copies the gradients of some filters onto lines, with zeros wherever there is no pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillGradients(in PixelBlock block, int firstFilter, int filters, T* target)
    {
        ImageOperand output = product.Output;
        nint length = BlockSizes.RoundUp(geometry.Line(block.Images, block.Rows, block.Columns), tile.Lanes);
        for (int filter = 0; filter < filters; filter++)
        {
            T* line = target + (filter * linePitch);
            nint filled = 0;
            for (int image = 0; image < block.Images; image++)
            {
                T* from = (T*)output.Address + ((block.Image + image) * output.ImageStride)
                    + (((block.Group * product.Filters) + firstFilter + filter) * output.ChannelStride)
                    + (block.Row * output.RowStride) + (block.Column * output.ColumnStride);
                nint place = image * geometry.ImagePitch;
                for (int row = 0; row < block.Rows; row++)
                {
                    PixelRow<TSimd, TVector, T>.Clear(line + filled, place - filled);
                    PixelRow<TSimd, TVector, T>.Copy(from, output.ColumnStride, line + place, block.Columns);
                    filled = place + block.Columns;
                    place += geometry.RowPitch;
                    from += output.RowStride;
                }
            }

            PixelRow<TSimd, TVector, T>.Clear(line + filled, length - filled);
        }
    }

    /// <summary>Adds what one line gives to the weights of some filters and channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLine(in PixelBlock block, int filters, int channels, T* planesMemory, T* gradients, T* sums, T* target)
    {
        nint bytes = BlockSizes.RoundUp(geometry.Line(block.Images, block.Rows, block.Columns), tile.Lanes) * sizeof(T);
        int terms = channels * product.Taps.Length;
        int tiles = (terms + tile.Taps - 1) / tile.Taps;
        for (int filter = 0; filter < filters; filter += tile.Filters)
        {
            int filtersHere = Math.Min(tile.Filters, filters - filter);
            for (int part = 0; part < tiles; part++)
            {
                int term = terms * part / tiles;
                int termsHere = (terms * (part + 1) / tiles) - term;
                tile.Body(filtersHere, termsHere)(bytes, gradients + (filter * linePitch), linePitch * sizeof(T), planesMemory, offsets + term, sums);
                AddSums(sums, filtersHere, termsHere, target + (filter * (nint)product.Depth) + term);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddSums(T* sums, int filters, int terms, T* target)
    {
        for (int filter = 0; filter < filters; filter++)
        {
            for (int term = 0; term < terms; term++)
            {
                target[term] = Numbers<T>.Add(target[term], Numbers<T>.FromDouble(TSimd.Sum(TSimd.Load(sums))));
                sums += TSimd.Count;
            }

            target += product.Depth;
        }
    }
}
