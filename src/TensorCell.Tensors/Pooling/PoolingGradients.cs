using System.Numerics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Pooling;

/// <summary>Spreads the gradients of windows over their elements, plane by plane.</summary>
internal static unsafe class PoolingGradients<T>
    where T : unmanaged, INumber<T>
{
    private const long ElementsPerTask = 1 << 15;

    /// <summary>Gives each window's gradient to the first of its greatest elements.</summary>
    /// <param name="shape">The lengths.</param>
    /// <param name="source">The input.</param>
    /// <param name="greatest">The result of pooling.</param>
    /// <param name="gradient">The gradient of that.</param>
    /// <param name="target">Receives the gradient of the input.</param>
    public static void Max(PoolingShape shape, T* source, T* greatest, T* gradient, T* target) => ForPlanes(shape, plane =>
    {
        long input = plane * shape.Input.Area;
        long output = plane * shape.Output.Area;
        MaxPlane(shape, source + input, greatest + output, gradient + output, target + input);
    });

    /// <summary>Gives each element of a window the window's gradient divided by what an average counts.</summary>
    /// <param name="shape">The lengths.</param>
    /// <param name="gradient">The gradient of the result.</param>
    /// <param name="target">Receives the gradient of the input.</param>
    public static void Average(PoolingShape shape, T* gradient, T* target) => ForPlanes(shape, plane =>
        AveragePlane(shape, gradient + (plane * shape.Output.Area), target + (plane * shape.Input.Area)));

    private static void ForPlanes(PoolingShape shape, Action<long> run)
    {
        long perTask = Math.Max(1, ElementsPerTask / Math.Max(1, shape.Output.Area * shape.Part.Kernel.Area));
        Workers.For(checked((int)((shape.Planes + perTask - 1) / perTask)), task =>
        {
            for (long plane = task * perTask; plane < Math.Min(shape.Planes, (task + 1) * perTask); plane++)
            {
                run(plane);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaxPlane(PoolingShape shape, T* source, T* greatest, T* gradient, T* target)
    {
        new Span<T>(target, checked((int)shape.Input.Area)).Clear();
        int width = shape.Input.Width;
        int kernel = shape.Part.Kernel.Width;
        int stride = shape.Part.Stride.Width;
        int columns = shape.Output.Width;
        for (int y = 0; y < shape.Output.Height; y++)
        {
            (int firstRow, int endRow) = shape.Rows(y);
            int start = -shape.Part.Padding.Width;
            for (int x = 0; x < columns; x++)
            {
                int first = Math.Max(start, 0);
                int count = Math.Min(start + kernel, width) - first;
                start += stride;
                T most = *greatest++;
                nint place = T.IsNaN(most)
                    ? FirstNaN(source, first, count, firstRow, endRow, width)
                    : FirstGreatest(source, most, first, count, firstRow, endRow, width);
                target[place] += *gradient++;
            }
        }
    }

    // Where the greatest lies nobody can foretell: from the last element back, without branches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint FirstGreatest(T* source, T most, int first, int count, int firstRow, int endRow, nint width)
    {
        nint found = 0;
        nint end = (firstRow * width) + first;
        for (nint row = ((endRow - 1) * width) + first; row >= end; row -= width)
        {
            for (nint place = row + count - 1; place >= row; place--)
            {
                bool isGreatest = source[place] >= most;
                found ^= (found ^ place) & -(nint)Unsafe.BitCast<bool, byte>(isGreatest);
            }
        }

        return found;
    }

    private static nint FirstNaN(T* source, int first, int count, int firstRow, int endRow, nint width)
    {
        for (nint row = (firstRow * width) + first; row < endRow * width; row += width)
        {
            for (nint place = row; place < row + count; place++)
            {
                if (T.IsNaN(source[place]))
                {
                    return place;
                }
            }
        }

        return (firstRow * width) + first;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AveragePlane(PoolingShape shape, T* gradient, T* target)
    {
        new Span<T>(target, checked((int)shape.Input.Area)).Clear();
        int width = shape.Input.Width;
        for (int y = 0; y < shape.Output.Height; y++)
        {
            (int firstRow, int endRow) = shape.Rows(y);
            for (int x = 0; x < shape.Output.Width; x++)
            {
                (int first, int end) = shape.Columns(x);
                long count = shape.Part.CountsPadding ? shape.Part.Kernel.Area : (long)(endRow - firstRow) * (end - first);
                T share = *gradient++ / T.CreateTruncating(count);
                for (nint row = firstRow * (nint)width; row < endRow * (nint)width; row += width)
                {
                    for (nint place = row + first; place < row + end; place++)
                    {
                        target[place] += share;
                    }
                }
            }
        }
    }
}
