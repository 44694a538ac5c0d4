using System.Runtime.CompilerServices;

namespace TensorCell.Kernels;

/// <summary>Elements along one axis that a kernel reads and writes, without a copy: an array or a tensor.</summary>
/// <typeparam name="T">A number or bool.</typeparam>
public readonly struct View<T> : IKernelArgument
    where T : unmanaged
{
    private readonly T[]? array;

    private View(T[] array) => this.array = array;

    /// <summary>How many elements.</summary>
    public int Length => array?.Length ?? 0;

    /// <summary>The element at one index, to read or to write.</summary>
    /// <exception cref="IndexOutOfRangeException">An index is negative, or not below its extent.</exception>
    public ref T this[int i]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (array is null || (uint)i >= (uint)array.Length)
            {
                throw Throw.ViewIndex(array, i);
            }

            return ref array[i];
        }
    }

    /// <summary>All elements of an array.</summary>
    public static implicit operator View<T>(T[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(array);
    }

    /// <summary>The extent along a dimension, 0 being the outermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public int GetLength(int dimension) =>
        (uint)dimension >= 1 ? throw Throw.ViewDimension(dimension, 1) : array?.GetLength(dimension) ?? 0;

    /// <summary>The view as what a kernel is launched with.</summary>
    public static implicit operator KernelArgument(View<T> view) => KernelArgument.OfView<T>(view.array, 1);

    /// <inheritdoc/>
    KernelArgument IKernelArgument.ToArgument() => this;
}
