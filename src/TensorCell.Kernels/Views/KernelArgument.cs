using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels;

/// <summary>
/// What a kernel is launched with: an array or view, which it reads and writes in place, or a number. Arrays, views and numbers convert to
/// it by themselves.
/// </summary>
public readonly struct KernelArgument
{
    private readonly Lengths lengths;
    private readonly Strides strides;

    internal KernelArgument(Scalar value) => Value = value;

    internal KernelArgument(ViewMemory memory, StorageType storage, ReadOnlySpan<int> lengths, ReadOnlySpan<nint> strides)
    {
        (Memory, Storage, Rank) = (memory, storage, lengths.Length);
        lengths.CopyTo(this.lengths);
        strides.CopyTo(this.strides);
    }

    /// <summary>How many dimensions the view has; 0 for a number.</summary>
    public int Rank { get; }

    /// <summary>The number, where <see cref="Rank"/> is 0.</summary>
    internal Scalar Value { get; }

    /// <summary>Where the view's elements lie.</summary>
    internal ViewMemory Memory { get; }

    /// <summary>What the view's elements are.</summary>
    internal StorageType Storage { get; }

    /// <summary>The view's extent along a dimension, 0 being the outermost.</summary>
    internal int Length(int dimension) => lengths[dimension];

    /// <summary>Elements from one to its neighbour along a dimension.</summary>
    internal nint Stride(int dimension) => strides[dimension];

    /// <summary>Whether the view has one element at several indices, as what is broadcast has.</summary>
    internal bool SharesElements
    {
        get
        {
            for (var d = 0; d < Rank; d++)
            {
                if (strides[d] == 0 && lengths[d] > 1)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The same elements in a copy of the array that holds them; itself, if none does.</summary>
    internal KernelArgument WithOwnArray() =>
        Memory.Owner is Array array ? new(new(array.Clone(), Memory.Offset), Storage, lengths[..Rank], strides[..Rank]) : this;

    public static implicit operator KernelArgument(Scalar value) => new(value);

    public static implicit operator KernelArgument(float value) => new(value);

    public static implicit operator KernelArgument(double value) => new(value);

    public static implicit operator KernelArgument(int value) => new(value);

    public static implicit operator KernelArgument(uint value) => new((int)value);

    public static implicit operator KernelArgument(long value) => new(value);

    public static implicit operator KernelArgument(ulong value) => new((long)value);

    public static implicit operator KernelArgument(bool value) => new(value);

    public static implicit operator KernelArgument(float[] array) => OfArray(array, StorageType.Float32);

    public static implicit operator KernelArgument(double[] array) => OfArray(array, StorageType.Float64);

    public static implicit operator KernelArgument(sbyte[] array) => OfArray(array, StorageType.Int8);

    public static implicit operator KernelArgument(byte[] array) => OfArray(array, StorageType.UInt8);

    public static implicit operator KernelArgument(short[] array) => OfArray(array, StorageType.Int16);

    public static implicit operator KernelArgument(ushort[] array) => OfArray(array, StorageType.UInt16);

    public static implicit operator KernelArgument(char[] array) => OfArray(array, StorageType.UInt16);

    public static implicit operator KernelArgument(int[] array) => OfArray(array, StorageType.Int32);

    public static implicit operator KernelArgument(uint[] array) => OfArray(array, StorageType.UInt32);

    public static implicit operator KernelArgument(long[] array) => OfArray(array, StorageType.Int64);

    public static implicit operator KernelArgument(ulong[] array) => OfArray(array, StorageType.UInt64);

    public static implicit operator KernelArgument(bool[] array) => OfArray(array, StorageType.Bool);

    public static implicit operator KernelArgument(Half[] array) => OfArray(array, StorageType.Float16);

    public static implicit operator KernelArgument(float[,] array) => OfArray(array, StorageType.Float32);

    public static implicit operator KernelArgument(double[,] array) => OfArray(array, StorageType.Float64);

    public static implicit operator KernelArgument(sbyte[,] array) => OfArray(array, StorageType.Int8);

    public static implicit operator KernelArgument(byte[,] array) => OfArray(array, StorageType.UInt8);

    public static implicit operator KernelArgument(short[,] array) => OfArray(array, StorageType.Int16);

    public static implicit operator KernelArgument(ushort[,] array) => OfArray(array, StorageType.UInt16);

    public static implicit operator KernelArgument(char[,] array) => OfArray(array, StorageType.UInt16);

    public static implicit operator KernelArgument(int[,] array) => OfArray(array, StorageType.Int32);

    public static implicit operator KernelArgument(uint[,] array) => OfArray(array, StorageType.UInt32);

    public static implicit operator KernelArgument(long[,] array) => OfArray(array, StorageType.Int64);

    public static implicit operator KernelArgument(ulong[,] array) => OfArray(array, StorageType.UInt64);

    public static implicit operator KernelArgument(bool[,] array) => OfArray(array, StorageType.Bool);

    public static implicit operator KernelArgument(Half[,] array) => OfArray(array, StorageType.Float16);

    public static implicit operator KernelArgument(float[,,] array) => OfArray(array, StorageType.Float32);

    public static implicit operator KernelArgument(double[,,] array) => OfArray(array, StorageType.Float64);

    public static implicit operator KernelArgument(sbyte[,,] array) => OfArray(array, StorageType.Int8);

    public static implicit operator KernelArgument(byte[,,] array) => OfArray(array, StorageType.UInt8);

    public static implicit operator KernelArgument(short[,,] array) => OfArray(array, StorageType.Int16);

    public static implicit operator KernelArgument(ushort[,,] array) => OfArray(array, StorageType.UInt16);

    public static implicit operator KernelArgument(char[,,] array) => OfArray(array, StorageType.UInt16);

    public static implicit operator KernelArgument(int[,,] array) => OfArray(array, StorageType.Int32);

    public static implicit operator KernelArgument(uint[,,] array) => OfArray(array, StorageType.UInt32);

    public static implicit operator KernelArgument(long[,,] array) => OfArray(array, StorageType.Int64);

    public static implicit operator KernelArgument(ulong[,,] array) => OfArray(array, StorageType.UInt64);

    public static implicit operator KernelArgument(bool[,,] array) => OfArray(array, StorageType.Bool);

    public static implicit operator KernelArgument(Half[,,] array) => OfArray(array, StorageType.Float16);

    public static implicit operator KernelArgument(float[,,,] array) => OfArray(array, StorageType.Float32);

    public static implicit operator KernelArgument(double[,,,] array) => OfArray(array, StorageType.Float64);

    public static implicit operator KernelArgument(sbyte[,,,] array) => OfArray(array, StorageType.Int8);

    public static implicit operator KernelArgument(byte[,,,] array) => OfArray(array, StorageType.UInt8);

    public static implicit operator KernelArgument(short[,,,] array) => OfArray(array, StorageType.Int16);

    public static implicit operator KernelArgument(ushort[,,,] array) => OfArray(array, StorageType.UInt16);

    public static implicit operator KernelArgument(char[,,,] array) => OfArray(array, StorageType.UInt16);

    public static implicit operator KernelArgument(int[,,,] array) => OfArray(array, StorageType.Int32);

    public static implicit operator KernelArgument(uint[,,,] array) => OfArray(array, StorageType.UInt32);

    public static implicit operator KernelArgument(long[,,,] array) => OfArray(array, StorageType.Int64);

    public static implicit operator KernelArgument(ulong[,,,] array) => OfArray(array, StorageType.UInt64);

    public static implicit operator KernelArgument(bool[,,,] array) => OfArray(array, StorageType.Bool);

    public static implicit operator KernelArgument(Half[,,,] array) => OfArray(array, StorageType.Float16);

    /// <summary>The argument that an array, view or number of any type is, or null if it is none.</summary>
    internal static KernelArgument? Of(object? value) => value switch
    {
        float number => (KernelArgument)number,
        double number => number,
        int number => number,
        uint number => number,
        long number => number,
        ulong number => number,
        bool truth => truth,
        sbyte or byte or short or ushort or char => Convert.ToInt32(value, null),
        Array array when array.Rank <= 4 && StorageTypes.Of(array.GetType().GetElementType()!) is { } storage => OfArray(array, storage),
        IKernelArgument argument => argument.ToArgument(),
        _ => default(KernelArgument?),
    };

    /// <summary>The argument that a view of an array is; without one it has no elements.</summary>
    internal static KernelArgument OfView<T>(Array? array, int rank)
    {
        var storage = StorageTypes.Of(typeof(T)) ?? throw Throw.NoElementType(typeof(T));
        return array is null ? new(default, storage, new int[rank], new nint[rank]) : OfArray(array, storage);
    }

    private static KernelArgument OfArray(Array? array, StorageType storage)
    {
        if (array is null)
        {
            throw Throw.NullView(storage, "array");
        }

        Span<int> lengths = stackalloc int[array.Rank];
        Span<nint> strides = stackalloc nint[array.Rank];
        nint stride = 1;
        for (var d = array.Rank - 1; d >= 0; d--)
        {
            lengths[d] = array.GetLength(d);
            strides[d] = stride;
            stride *= lengths[d];
        }

        return new(new(array, 0), storage, lengths, strides);
    }

    [InlineArray(4)]
    private struct Lengths
    {
        private int first;
    }

    [InlineArray(4)]
    private struct Strides
    {
        private nint first;
    }
}
