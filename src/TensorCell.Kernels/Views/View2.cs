using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels;

/// <summary>Elements in rows and columns that a kernel reads and writes, without a copy: made from an array or a tensor.</summary>
/// <typeparam name="T">A number or bool.</typeparam>
public readonly struct View2<T> : IKernelArgument
    where T : unmanaged
{
    private readonly int length0;
    private readonly int length1;
    private readonly nint stride0;
    private readonly nint stride1;

    /// <param name="memory">Where the first element lies.</param>
    /// <param name="lengths">2 extents.</param>
    /// <param name="strides">2 distances between neighbours, in elements.</param>
    internal View2(ViewMemory memory, ReadOnlySpan<int> lengths, ReadOnlySpan<nint> strides)
    {
        Memory = memory;
        length0 = lengths[0];
        length1 = lengths[1];
        stride0 = strides[0];
        stride1 = strides[1];
    }

    /// <summary>Where the first element lies.</summary>
    internal ViewMemory Memory { get; }

    /// <summary>The element at two indices, to read or to write.</summary>
    /// <exception cref="IndexOutOfRangeException">An index is negative, or not below its extent.</exception>
    public ref T this[int i, int j]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)i >= (uint)length0 || (uint)j >= (uint)length1)
            {
                throw Throw.ViewIndex([i, j], [length0, length1]);
            }

            return ref Memory.At<T>(((i * stride0) + (j * stride1)) * Unsafe.SizeOf<T>());
        }
    }

    /// <summary>All elements of an array.</summary>
    public static implicit operator View2<T>(T[,] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(new(array, 0), [array.GetLength(0), array.GetLength(1)], [(nint)array.GetLength(1), 1]);
    }

    /// <summary>The extent along a dimension, 0 being the outermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public int GetLength(int dimension) => dimension switch
    {
        0 => length0,
        1 => length1,
        _ => throw Throw.ViewDimension(dimension, 2),
    };

    /// <summary>Elements from one to its neighbour along a dimension.</summary>
    internal nint Stride(int dimension) => dimension switch
    {
        0 => stride0,
        _ => stride1,
    };

    /// <summary>The view as what a kernel is launched with.</summary>
    public static implicit operator KernelArgument(View2<T> view) => view.ToArgument();

    /// <inheritdoc/>
    KernelArgument IKernelArgument.ToArgument() => ToArgument();

    private KernelArgument ToArgument() =>
        new(Memory, StorageTypes.Of(typeof(T)) ?? throw Throw.NoElementType(typeof(T)), [length0, length1], [stride0, stride1]);
}
