using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels;

/// <summary>Elements along one axis that a kernel reads and writes, without a copy: made from an array or a tensor.</summary>
/// <typeparam name="T">A number or bool.</typeparam>
public readonly struct View<T> : IKernelArgument
    where T : unmanaged
{
    private readonly int length0;
    private readonly nint stride0;

    /// <param name="memory">Where the first element lies.</param>
    /// <param name="lengths">1 extents.</param>
    /// <param name="strides">1 distances between neighbours, in elements.</param>
    internal View(ViewMemory memory, ReadOnlySpan<int> lengths, ReadOnlySpan<nint> strides)
    {
        Memory = memory;
        length0 = lengths[0];
        stride0 = strides[0];
    }

    /// <summary>How many elements.</summary>
    public int Length => length0;

    /// <summary>Where the first element lies.</summary>
    internal ViewMemory Memory { get; }

    /// <summary>The element at one index, to read or to write.</summary>
    /// <exception cref="IndexOutOfRangeException">An index is negative, or not below its extent.</exception>
    public ref T this[int i]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)i >= (uint)length0)
            {
                throw Throw.ViewIndex([i], [length0]);
            }

            return ref Memory.At<T>((i * stride0) * Unsafe.SizeOf<T>());
        }
    }

    /// <summary>All elements of an array.</summary>
    public static implicit operator View<T>(T[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(new(array, 0), [array.Length], [1]);
    }

    /// <summary>The extent along a dimension, 0 being the outermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public int GetLength(int dimension) => dimension switch
    {
        0 => length0,
        _ => throw Throw.ViewDimension(dimension, 1),
    };

    /// <summary>Elements from one to its neighbour along a dimension.</summary>
    internal nint Stride(int dimension) => dimension switch
    {
        _ => stride0,
    };

    /// <summary>The view as what a kernel is launched with.</summary>
    public static implicit operator KernelArgument(View<T> view) => view.ToArgument();

    /// <inheritdoc/>
    KernelArgument IKernelArgument.ToArgument() => ToArgument();

    private KernelArgument ToArgument() =>
        new(Memory, StorageTypes.Of(typeof(T)) ?? throw Throw.NoElementType(typeof(T)), [length0], [stride0]);
}
