using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Computes the gradient of a sliding product's weights, which are written, from its input and the gradient of its result: for every filter, channel and tap
/// the scalar product of the filter's gradients with what the tap reads, along all pixels. Tasks are some filters and some blocks of pixels; what several
/// tasks find for the same weights is added up in the order of the blocks, so that nothing depends on the number of threads.
/// </summary>
internal sealed unsafe class WeightProduct<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const int Tasks = 32;
    private const int MostFilters = 128;
    private readonly SlidingProduct product;
    private readonly DotTile tile;
    private readonly BlockGeometry geometry;
    private readonly InputLines<TSimd, TVector, T> input;
    private readonly int filtersPerTask;
    private readonly int filterTasks;
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

        // The lines of a few channels stay in the nearest cache while those of all filters stream past.
        long line = Math.Max(8 * tile.Lanes, BlockSizes.CacheBytes(1) / 2 / sizeof(T));
        long memory = BlockSizes.CacheBytes(2) * 3 / 8 / sizeof(T);
        long area = Math.Min(line, product.OutputSize.Area * product.Images);
        filtersPerTask = (int)Math.Clamp(memory / area / tile.Filters * tile.Filters, tile.Filters, MostFilters);
        filterTasks = (product.Filters + filtersPerTask - 1) / filtersPerTask;
        filtersPerTask = (product.Filters + filterTasks - 1) / filterTasks;
        geometry = new BlockGeometry(product, new BlockLimits
        {
            Line = line,
            Memory = memory / 2,
            Channels = (int)Math.Clamp(memory / 2 / (area + (area / 4)), 1, product.Channels),
            Columns = 4 * tile.Lanes,
            Lanes = tile.Lanes,
            Filters = filtersPerTask,
            HasOneLine = true,
        });
        input = new InputLines<TSimd, TVector, T>(product, geometry);
        blockTasks = (int)Math.Clamp(Tasks / (product.Groups * (nint)filterTasks), 1, BlocksPerGroup);
        linePitch = BlockSizes.RoundUp(geometry.MaximumLine, tile.Lanes) + tile.Lanes;
    }

    private nint BlocksPerGroup => geometry.Blocks / product.Groups;

    private nint WeightCount => product.Groups * (nint)product.Filters * product.Depth;

    private nint MostSums => BlockSizes.RoundUp(tile.Filters * tile.Taps, LaneSums.AtOnce);

    private nint SumsLength => MostSums * (tile.Lanes + 1);

    /// <summary>Computes the gradient.</summary>
    public void Run()
    {
        using CpuBuffer table = MatrixMultiply.Allocate(input.Channels * (long)product.Taps.Length * sizeof(nint));
        using CpuBuffer? partials = blockTasks > 1 ? MatrixMultiply.Allocate(blockTasks * WeightCount * sizeof(T)) : null;
        offsets = (nint*)table.Address;
        partial = partials is null ? (T*)product.Weights.Address : (T*)partials.Address;
        input.WriteOffsets(offsets);
        Workers.For(product.Groups * filterTasks * blockTasks, RunTask);
        if (partials is not null)
        {
            PartialSums<TSimd, TVector, T>.Run(partial, blockTasks, WeightCount, (T*)product.Weights.Address);
        }

        GC.KeepAlive(table);
        GC.KeepAlive(partials);
    }

    private void RunTask(int task)
    {
        (int outer, int blockTask) = Math.DivRem(task, blockTasks);
        (int group, int filterTask) = Math.DivRem(outer, filterTasks);
        int filter = filterTask * filtersPerTask;
        int filters = Math.Min(filtersPerTask, product.Filters - filter);
        using CpuBuffer memory = MatrixMultiply.Allocate((input.Length + (filtersPerTask * linePitch) + SumsLength) * sizeof(T));
        T* inputMemory = (T*)memory.Address;
        T* gradients = inputMemory + input.Length;
        T* sums = gradients + (filtersPerTask * linePitch);

        // What is read between and beyond the pixels is multiplied by zero, and must be finite.
        PixelRow<TSimd, TVector, T>.Clear(inputMemory, input.Length);
        T* target = partial + (blockTask * WeightCount) + (((group * (nint)product.Filters) + filter) * product.Depth);
        PixelRow<TSimd, TVector, T>.Clear(target, filters * (nint)product.Depth);
        nint blockEnd = BlocksPerGroup * (blockTask + 1) / blockTasks;
        for (nint index = BlocksPerGroup * blockTask / blockTasks; index < blockEnd; index++)
        {
            (nint images, nint inner) = Math.DivRem(index, geometry.BlocksPerImage);
            PixelBlock block = geometry.Block((((images * product.Groups) + group) * geometry.BlocksPerImage) + inner);
            FillGradients(block, filter, filters, gradients);
            for (int channel = 0; channel < product.Channels; channel += input.Channels)
            {
                Interruption.Check();
                int channels = Math.Min(input.Channels, product.Channels - channel);
                T* lines = input.Fill(block, channel, channels, inputMemory);
                AddBlock(block, filters, channels, lines, gradients, sums, target + (channel * (nint)product.Taps.Length));
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
                nint place = image * geometry.LineImagePitch;
                for (int row = 0; row < block.Rows; row++)
                {
                    PixelRow<TSimd, TVector, T>.Clear(line + filled, place - filled);
                    PixelRow<TSimd, TVector, T>.Copy(from, output.ColumnStride, line + place, block.Columns);
                    filled = place + block.Columns;
                    place += geometry.LineRowPitch;
                    from += output.RowStride;
                }
            }

            PixelRow<TSimd, TVector, T>.Clear(line + filled, length - filled);
        }
    }

    /// <summary>Adds what one block gives to the weights of some filters and channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddBlock(in PixelBlock block, int filters, int channels, T* lines, T* gradients, T* sums, T* target)
    {
        nint bytes = BlockSizes.RoundUp(geometry.Line(block.Images, block.Rows, block.Columns), tile.Lanes) * sizeof(T);
        int terms = channels * product.Taps.Length;
        int tiles = (terms + tile.Taps - 1) / tile.Taps;
        for (int part = 0; part < tiles; part++)
        {
            int term = (int)((long)terms * part / tiles);
            int termsHere = (int)((long)terms * (part + 1) / tiles) - term;
            for (int filter = 0; filter < filters; filter += tile.Filters)
            {
                int filtersHere = Math.Min(tile.Filters, filters - filter);
                tile.Body(filtersHere, termsHere)(bytes, gradients + (filter * linePitch), linePitch * sizeof(T), lines, offsets + term, sums);
                AddSums(sums, filtersHere, termsHere, target + (filter * (nint)product.Depth) + term);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddSums(T* sums, int filters, int terms, T* target)
    {
        T* added = sums + SumsLength - MostSums;
        LaneSums.Run(sums, filters * terms, tile.Lanes, added);
        for (int filter = 0; filter < filters; filter++)
        {
            for (int term = 0; term < terms; term++)
            {
                target[term] = Numbers<T>.Add(target[term], *added++);
            }

            target += product.Depth;
        }
    }
}
