using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Convolution;

/// <summary>Copies what a block reads of the input onto the lines of a <see cref="StraightPlan"/>, with zeros for what is outside.</summary>
/// <param name="plan">How the lines lie.</param>
internal sealed unsafe class StraightLines<TSimd, TVector, T>(StraightPlan plan)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const int ChannelsAhead = 4;
    private readonly SlidingProduct product = plan.Product;

    /// <summary>Writes how many bytes from the first line what each channel and tap reads lies.</summary>
    public void WriteOffsets(nint* table)
    {
        for (int channel = 0; channel < product.Channels; channel++)
        {
            foreach (Tap tap in product.Taps)
            {
                *table++ = plan.Offset(channel, tap) * sizeof(T);
            }
        }
    }

    /// <summary>A pixel of a group of an image where the input is.</summary>
    public T* Place(nint image, nint group, nint pixel) => (T*)product.Input.Address
        + (image * product.Input.ImageStride) + (group * product.Channels * product.Input.ChannelStride) + pixel;

    /// <summary>Fills all lines for some pixels of a group of an image.</summary>
    public void Fill(nint image, nint group, nint firstPixel, nint endPixel, T* target)
    {
        ImageOperand input = product.Input;
        T* source = Place(image, group, 0);
        for (int channel = 0; channel < product.Channels; channel++)
        {
            foreach ((int row, int column) in plan.Lines)
            {
                FillLine(source, plan.FirstRow + row, column, firstPixel, endPixel + plan.Halo - firstPixel, target);
                target += plan.LinePitch;
            }

            source += input.ChannelStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillLine(T* channel, int firstRow, int firstColumn, nint pixel, nint count, T* to)
    {
        ImageOperand input = product.Input;
        int width = product.OutputSize.Width;
        int step = product.Step.Width;
        nint stride = step * input.ColumnStride;
        nint inside = Math.Clamp(Steps(-firstColumn, step), 0, width);
        nint outside = Math.Clamp(Steps(product.InputSize.Width - firstColumn, step), inside, width);
        (nint row, nint column) = Math.DivRem(pixel, width);
        while (count > 0)
        {
            nint end = Math.Min(width, column + count);
            nint place = firstRow + (row * product.Step.Height);
            if (place < 0 || place >= product.InputSize.Height)
            {
                PixelRow<TSimd, TVector, T>.Clear(to, end - column);
            }
            else
            {
                nint first = Math.Clamp(inside, column, end);
                nint last = Math.Clamp(outside, first, end);
                T* from = channel + (place * input.RowStride) + ((firstColumn + (first * step)) * input.ColumnStride);
                Prefetch(from + (ChannelsAhead * input.ChannelStride), (last - first) * stride);
                PixelRow<TSimd, TVector, T>.Clear(to, first - column);
                PixelRow<TSimd, TVector, T>.Copy(from, stride, to + first - column, last - first);
                PixelRow<TSimd, TVector, T>.Clear(to + last - column, end - last);
            }

            to += end - column;
            count -= end - column;
            (row, column) = (row + 1, 0);
        }
    }

    // The hardware's own prefetching starts anew with each row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(T* row, nint count)
    {
        for (nint place = 0; Sse.IsSupported && place < count * sizeof(T); place += CpuBuffer.Alignment)
        {
            Sse.Prefetch0((byte*)row + place);
        }
    }

    /// <summary>How many steps from 0 there are below a distance.</summary>
    private static int Steps(int distance, int step) => distance <= 0 ? 0 : ((distance - 1) / step) + 1;
}
