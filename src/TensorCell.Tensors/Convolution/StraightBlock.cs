using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>Computes blocks of a <see cref="StraightPlan"/>, chunk by chunk and panel by panel, for one task.</summary>
/// <param name="plan">How the product is cut.</param>
/// <param name="tile">The tile for its element type.</param>
/// <param name="panels">The filters.</param>
/// <param name="offsets">Where, in bytes from the block's first line, what each term reads lies.</param>
/// <param name="aside">Memory for what tiles cannot write to the result.</param>
/// <param name="asidePitch">Elements there from one filter to the next.</param>
internal sealed unsafe class StraightBlock<TSimd, TVector, T>(
    StraightPlan plan, TapTile tile, StraightPanels<TSimd, TVector, T> panels, nint* offsets, T* aside, nint asidePitch)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private readonly SlidingProduct product = plan.Product;
    private readonly StraightEpilogue? epilogue = plan.Product.Epilogue is null ? null : new(plan.Product.Epilogue);
    private T* lines;
    private nint linesFirst;
    private int image;
    private int channel;
    private FilterPanel panel;
    private T* weights;
    private T* plane;

    /// <summary>Computes the vectors of some panels that begin within a block.</summary>
    /// <param name="lines">The block's lines.</param>
    /// <param name="image">Which image.</param>
    /// <param name="group">Which group.</param>
    /// <param name="pixel">The block's first pixel, which the lines begin with.</param>
    /// <param name="end">The first pixel after the block.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="endPanel">The first panel after them.</param>
    public void Run(T* lines, int image, int group, nint pixel, nint end, int firstPanel, int endPanel)
    {
        this.lines = lines;
        linesFirst = pixel;
        this.image = image;
        for (; pixel < end; pixel += plan.Chunk)
        {
            for (int index = firstPanel; index < endPanel; index++)
            {
                panel = plan.Panels[index];
                channel = (group * product.Filters) + panel.First;
                weights = panels.Panel(group, index);
                plane = (T*)product.Output.Address + (image * product.Output.ImageStride) + (channel * product.Output.ChannelStride);
                PrefetchNext(pixel + plan.Chunk, index);
                RunChunk(pixel, Math.Min(pixel + plan.Chunk, end));
            }
        }
    }

    private void RunChunk(nint pixel, nint end)
    {
        nint phase = plan.IsStreamed ? (nint)((nuint)plane / (nuint)sizeof(T) % (nuint)tile.Lanes) : 0;
        nint first = BlockSizes.RoundUp(pixel + phase, tile.Lanes) - phase;
        nint next = BlockSizes.RoundUp(end + phase, tile.Lanes) - phase;
        nint whole = (Math.Min(next, plan.Area) - first) / tile.Lanes * tile.Lanes;
        if (pixel == 0 && first > 0)
        {
            RunShort(0, first);
        }

        if (whole > 0)
        {
            RunWhole(first, whole);
        }

        if (first + whole < plan.Area && next > plan.Area)
        {
            RunLast(first + whole);
        }
    }

    /// <summary>
    /// Asks for a panel's share of what the next chunk reads of the input. The lines of that many channels are too many streams for the hardware's own
    /// prefetching.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PrefetchNext(nint pixel, int index)
    {
        if (!Sse.IsSupported || !plan.IsInPlace || pixel >= plan.Area)
        {
            return;
        }

        nint stride = product.Input.ChannelStride;
        nint end = product.Channels * (nint)(index + 1) / plan.Panels.Length;
        nint bytes = Math.Min(plan.Chunk, plan.Area - pixel) * sizeof(T);
        for (nint number = product.Channels * (nint)index / plan.Panels.Length; number < end; number++)
        {
            byte* from = (byte*)(lines + (number * stride) + (pixel - linesFirst));
            for (nint place = 0; place < bytes; place += CpuBuffer.Alignment)
            {
                Sse.Prefetch1(from + place);
            }
        }
    }

    private void RunWhole(nint pixel, nint count)
    {
        if (epilogue is null)
        {
            TileEnding ending = plan.IsStreamed ? TileEnding.ShiftedStreamed : TileEnding.Shifted;
            Multiply(ending, pixel, count, plane + pixel, panel.Step * product.Output.ChannelStride);
        }
        else
        {
            Finish(epilogue, pixel, count, plan.IsStreamed);
        }
    }

    /// <summary>Computes the end of a plane. Where nothing may be read beyond it, pixels before are computed again.</summary>
    private void RunLast(nint pixel)
    {
        if (!plan.IsInPlace)
        {
            RunShort(pixel, plan.Area - pixel);
        }
        else if (epilogue is null)
        {
            pixel = plan.Area - tile.Lanes;
            Multiply(TileEnding.Shifted, pixel, tile.Lanes, plane + pixel, panel.Step * product.Output.ChannelStride);
        }
        else
        {
            Finish(epilogue, plan.Area - tile.Lanes, tile.Lanes, isStreamed: false);
        }
    }

    /// <summary>Computes fewer pixels than a vector holds, at the start or the end of a plane.</summary>
    private void RunShort(nint pixel, nint count)
    {
        if (epilogue is not null)
        {
            Finish(epilogue, pixel, count, isStreamed: false);
            return;
        }

        Multiply(TileEnding.Shifted, pixel, count, aside, asidePitch);
        for (int filter = 0; filter < panel.Count; filter++)
        {
            PixelRow<TSimd, TVector, T>.CopyShort(
                aside + (filter * asidePitch), plane + (filter * panel.Step * product.Output.ChannelStride) + pixel, count);
        }
    }

    private void Finish(StraightEpilogue epilogue, nint pixel, nint count, bool isStreamed)
    {
        Multiply(TileEnding.Sums, pixel, count, aside, asidePitch);
        for (int filter = 0; filter < panel.Count; filter++)
        {
            T* target = plane + (filter * panel.Step * product.Output.ChannelStride) + pixel;
            epilogue.Run(image, channel + (filter * panel.Step), pixel, count, aside + (filter * asidePitch), (byte*)target, isStreamed);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(TileEnding ending, nint pixel, nint count, T* target, nint pitch)
    {
        int vectors = tile.Vectors(panel.Count);
        nint columns = vectors * (nint)tile.Lanes;
        TileBody whole = tile.Body(panel.Count, vectors, ending);
        T* read = lines + (pixel - linesFirst);
        for (; count > columns; count -= columns)
        {
            whole(product.Depth, weights, read, target, pitch * sizeof(T), false, offsets);
            read += columns;
            target += columns;
        }

        TileBody last = tile.Body(panel.Count, (int)BlockSizes.CeilingDivide(count, tile.Lanes), ending);
        last(product.Depth, weights, read, target, pitch * sizeof(T), false, offsets);
    }
}
