using System.Runtime.CompilerServices;

namespace TensorCell.Kernels;

/// <summary>Elements along four axes, such as batch, channel, row and column, that a kernel reads and writes, without a copy: an array or a tensor.</summary>
/// <typeparam name="T">A number or bool.</typeparam>
public readonly struct View4<T> : IKernelArgument
    where T : unmanaged
{
    private readonly T[,,,]? array;

    private View4(T[,,,] array) => this.array = array;

    /// <summary>The element at four indices, to read or to write.</summary>
    /// <exception cref="IndexOutOfRangeException">An index is negative, or not below its extent.</exception>
    public ref T this[int i, int j, int k, int l]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (array is not { } all || (uint)i >= (uint)all.GetLength(0) || (uint)j >= (uint)all.GetLength(1) || (uint)k >= (uint)all.GetLength(2) || (uint)l >= (uint)all.GetLength(3))
            {
                throw Throw.ViewIndex(array, i, j, k, l);
            }

            return ref ArrayElement.At<T>(all, ((((((nint)i * all.GetLength(1)) + j) * all.GetLength(2)) + k) * all.GetLength(3)) + l);
        }
    }

    /// <summary>All elements of an array.</summary>
    public static implicit operator View4<T>(T[,,,] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(array);
    }

    /// <summary>The extent along a dimension, 0 being the outermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public int GetLength(int dimension) =>
        (uint)dimension >= 4 ? throw Throw.ViewDimension(dimension, 4) : array?.GetLength(dimension) ?? 0;

    /// <summary>The view as what a kernel is launched with.</summary>
    public static implicit operator KernelArgument(View4<T> view) => KernelArgument.OfView<T>(view.array, 4);

    /// <inheritdoc/>
    KernelArgument IKernelArgument.ToArgument() => this;
}
