using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels;

/// <summary>Elements along four axes, such as batch, channel, row and column that a kernel reads and writes, without a copy: made from an array or a tensor.</summary>
/// <typeparam name="T">A number or bool.</typeparam>
public readonly struct View4<T> : IKernelArgument
    where T : unmanaged
{
    private readonly int length0;
    private readonly int length1;
    private readonly int length2;
    private readonly int length3;
    private readonly nint stride0;
    private readonly nint stride1;
    private readonly nint stride2;
    private readonly nint stride3;

    /// <param name="memory">Where the first element lies.</param>
    /// <param name="lengths">4 extents.</param>
    /// <param name="strides">4 distances between neighbours, in elements.</param>
    internal View4(ViewMemory memory, ReadOnlySpan<int> lengths, ReadOnlySpan<nint> strides)
    {
        Memory = memory;
        length0 = lengths[0];
        length1 = lengths[1];
        length2 = lengths[2];
        length3 = lengths[3];
        stride0 = strides[0];
        stride1 = strides[1];
        stride2 = strides[2];
        stride3 = strides[3];
    }

    /// <summary>Where the first element lies.</summary>
    internal ViewMemory Memory { get; }

    /// <summary>The element at four indices, to read or to write.</summary>
    /// <exception cref="IndexOutOfRangeException">An index is negative, or not below its extent.</exception>
    public ref T this[int i, int j, int k, int l]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)i >= (uint)length0 || (uint)j >= (uint)length1 || (uint)k >= (uint)length2 || (uint)l >= (uint)length3)
            {
                throw Throw.ViewIndex([i, j, k, l], [length0, length1, length2, length3]);
            }

            return ref Memory.At<T>(((i * stride0) + (j * stride1) + (k * stride2) + (l * stride3)) * Unsafe.SizeOf<T>());
        }
    }

    /// <summary>All elements of an array.</summary>
    public static implicit operator View4<T>(T[,,,] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(new(array, 0), [array.GetLength(0), array.GetLength(1), array.GetLength(2), array.GetLength(3)], [(nint)array.GetLength(1) * array.GetLength(2) * array.GetLength(3), (nint)array.GetLength(2) * array.GetLength(3), (nint)array.GetLength(3), 1]);
    }

    /// <summary>The extent along a dimension, 0 being the outermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public int GetLength(int dimension) => dimension switch
    {
        0 => length0,
        1 => length1,
        2 => length2,
        3 => length3,
        _ => throw Throw.ViewDimension(dimension, 4),
    };

    /// <summary>Elements from one to its neighbour along a dimension.</summary>
    internal nint Stride(int dimension) => dimension switch
    {
        0 => stride0,
        1 => stride1,
        2 => stride2,
        _ => stride3,
    };

    /// <summary>The view as what a kernel is launched with.</summary>
    public static implicit operator KernelArgument(View4<T> view) => view.ToArgument();

    /// <inheritdoc/>
    KernelArgument IKernelArgument.ToArgument() => ToArgument();

    private KernelArgument ToArgument() =>
        new(Memory, StorageTypes.Of(typeof(T)) ?? throw Throw.NoElementType(typeof(T)), [length0, length1, length2, length3], [stride0, stride1, stride2, stride3]);
}
