using System.Numerics;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Tensors.Pooling;

/// <summary>The lengths that decide a pooling of [planes…, height, width].</summary>
/// <param name="Planes">How many planes there are.</param>
/// <param name="Input">The input's rows and columns.</param>
/// <param name="Output">The result's rows and columns.</param>
/// <param name="Part">The windows.</param>
internal sealed record PoolingShape(long Planes, Size2 Input, Size2 Output, PoolingPart Part)
{
    /// <summary>The rows of the input in the windows of a row of the result.</summary>
    public (int First, int End) Rows(int row) => Range(row, Part.Kernel.Height, Part.Stride.Height, Part.Padding.Height, Input.Height);

    /// <summary>The columns of the input in the windows of a column of the result.</summary>
    public (int First, int End) Columns(int column) => Range(column, Part.Kernel.Width, Part.Stride.Width, Part.Padding.Width, Input.Width);

    /// <summary>How many elements the average of each window of a row of the result counts.</summary>
    /// <param name="row">The row.</param>
    /// <param name="counts">Receives one number for each column of the result.</param>
    public unsafe void CountElements<T>(int row, T* counts)
        where T : unmanaged, INumber<T>
    {
        (int top, int bottom) = Rows(row);
        for (int column = 0; column < Output.Width; column++)
        {
            (int left, int right) = Columns(column);
            counts[column] = T.CreateTruncating(Part.CountsPadding ? Part.Kernel.Area : (bottom - top) * (long)(right - left));
        }
    }

    private static (int First, int End) Range(int index, int kernel, int stride, int padding, int length)
    {
        int first = (index * stride) - padding;
        return (Math.Max(first, 0), Math.Min(first + kernel, length));
    }
}
