using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Moves what one task has finished to the result, row by row in between tiles: memory then takes in one row while the next tile is computed. Of each
/// channel, rows of adjacent blocks are one run.
/// </summary>
/// <param name="product">What is computed.</param>
/// <param name="geometry">How it is cut.</param>
/// <param name="isStreaming">Whether the result is written past the caches.</param>
/// <param name="asidePitch">Elements from one filter to the next where pixels are finished.</param>
/// <param name="resultPitch">Elements from one result to the next there, where an epilogue gives several.</param>
/// <param name="lines">Memory for incomplete lines of every filter, for each result.</param>
/// <param name="epilogue">Work to do on each filter's pixels first, if any.</param>
internal sealed unsafe class ResultWriter<TSimd, TVector, T>(
    SlidingProduct product, BlockGeometry geometry, bool isStreaming, nint asidePitch, nint resultPitch, T* lines, EpilogueLines<TSimd, TVector, T>? epilogue)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private readonly nint[] results = product.Epilogue?.Results ?? [0];
    private readonly nint linesPitch = product.Filters * (nint)FinishedRows<TSimd, TVector, T>.LineLength;
    private PixelBlock block;
    private T* finished;
    private T* from;
    private T* to;
    private T* line;
    private int filter, filterEnd, filtersAhead, image, row;
    private nint runStart = -1;
    private nint position;
    private TVector bias;

    /// <summary>How many rows there are still to move.</summary>
    public int Remaining { get; private set; }

    /// <summary>Takes some filters' pixels of a block, to be moved by <see cref="Step"/>.</summary>
    public void Begin(in PixelBlock block, int firstFilter, int filters, T* finished)
    {
        this.block = block;
        this.finished = finished;
        nint pixel = Pixel(block);
        runStart = runStart < 0 ? pixel : runStart;
        position = pixel - runStart;
        filter = firstFilter;
        filterEnd = firstFilter + filters;
        filtersAhead = filters;
        epilogue?.Run(
            [new LinePart(block, 0)],
            geometry.Line(block.Images, block.Rows, block.Columns),
            (block.Group * product.Filters) + firstFilter,
            filters,
            finished);
        image = row = 0;
        from = finished;
        BeginFilter();
        Remaining = filters * block.Images * block.Rows;
    }

    /// <summary>Moves some rows, if there are any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(int rows)
    {
        for (rows = Math.Min(rows, Remaining); rows > 0; rows--)
        {
            Move();
            if (epilogue?.ReadsPixels == true)
            {
                Prefetch(epilogue);
            }

            Next();
        }
    }

    /// <summary>Ends the runs of a block, after which another image or another task goes on.</summary>
    public void EndRuns(in PixelBlock block)
    {
        if (isStreaming)
        {
            nint pixel = Pixel(block) + (block.Rows * (nint)block.Columns);
            T* first = Place(block with { Row = 0, Column = 0 }, 0, block.Group * product.Filters);
            for (int index = 0; index < product.Filters; index++)
            {
                T* end = first + (index * product.Output.ChannelStride) + pixel;
                for (int result = 0; result < results.Length; result++)
                {
                    FinishedRows<TSimd, TVector, T>.Flush(Apart(end, result), pixel - runStart, Line(index) + (result * linesPitch));
                }
            }
        }

        runStart = -1;
    }

    /// <summary>Asks for what the epilogue will read at this row for as many filters further on, or on the next line.</summary>
    private void Prefetch(EpilogueLines<TSimd, TVector, T> epilogue)
    {
        int channel = (block.Group * product.Filters) + filter + filtersAhead;
        if (filter + filtersAhead < product.Filters)
        {
            epilogue.Prefetch(block, image, channel, row);
            return;
        }

        PixelBlock next = geometry.BlocksAcross > 1
            ? block with { Column = block.Column + block.Columns }
            : block with { Row = block.Row + block.Rows };
        epilogue.Prefetch(next, image, channel - product.Filters, row);
    }

    private T* Apart(T* place, int result) => (T*)((byte*)place + results[result]);

    private nint Pixel(in PixelBlock block) => (block.Row * (nint)product.OutputSize.Width) + block.Column;

    private T* Line(int filter) => lines + (filter * (nint)FinishedRows<TSimd, TVector, T>.LineLength);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BeginFilter()
    {
        int channel = (block.Group * product.Filters) + filter;
        bias = product.Bias == 0 ? TSimd.Fill(-0.0) : TSimd.Broadcast((T*)product.Bias + channel);
        line = Line(filter);
        to = Place(block, 0, channel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move()
    {
        for (int result = 0; result < results.Length; result++)
        {
            Move(from + (result * resultPitch), Apart(to, result), line + (result * linesPitch));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move(T* from, T* to, T* line)
    {
        if (isStreaming)
        {
            FinishedRows<TSimd, TVector, T>.Stream(from, to, position + (row * (nint)block.Columns), block.Columns, bias, line);
        }
        else if (product.Output.ColumnStride == 1)
        {
            FinishedRows<TSimd, TVector, T>.Copy(from, to, block.Columns, bias);
        }
        else
        {
            FinishedRows<TSimd, TVector, T>.Scatter(from, to, product.Output.ColumnStride, block.Columns, bias);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Next()
    {
        Remaining--;
        if (++row < block.Rows)
        {
            from += geometry.LineRowPitch;
            to += product.Output.RowStride;
            return;
        }

        row = 0;
        if (++image == block.Images)
        {
            image = 0;
            finished += asidePitch;
            if (++filter < filterEnd)
            {
                BeginFilter();
            }
        }
        else
        {
            to = Place(block, image, (block.Group * product.Filters) + filter);
        }

        from = finished + (image * geometry.LineImagePitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* Place(in PixelBlock block, int image, int channel) =>
        (T*)product.Output.Address + ((block.Image + image) * product.Output.ImageStride) + (channel * product.Output.ChannelStride)
        + (block.Row * product.Output.RowStride) + (block.Column * product.Output.ColumnStride);
}
