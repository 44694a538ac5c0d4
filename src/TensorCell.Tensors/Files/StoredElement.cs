using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>How a file holds the elements of a tensor.</summary>
/// <param name="DType">The type they have as a tensor: their own, or the narrowest that holds all of its numbers.</param>
/// <param name="Size">Bytes of each in the file.</param>
/// <param name="IsUnsigned">Whether they are integers without a sign.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
internal sealed record StoredElement(DType DType, int Size, bool IsUnsigned, bool IsBigEndian)
{
    /// <summary>Elements as tensors hold them.</summary>
    public static StoredElement Of(DType dtype) => new(dtype, dtype.Size, dtype is DType.UInt8 or DType.Bool, IsBigEndian: false);

    /// <summary>Whether the tensor's elements take as many bytes as the file's, so that these are read to where those will be.</summary>
    public bool IsSameSize => Size == DType.Size;

    /// <summary>Whether any bytes in the file are elements of the tensor as they are. Those of bool are not: the engine relies on 0 and 1.</summary>
    public bool IsAsInMemory => IsSameSize && !IsBigEndian && DType != DType.Bool && !IsUnsigned64;

    private bool IsUnsigned64 => IsUnsigned && Size == sizeof(ulong);

    /// <summary>Turns what was read into elements of the tensor.</summary>
    /// <param name="stored">As the file has them; changed.</param>
    /// <param name="elements">Where they go; the same memory where <see cref="IsSameSize"/>.</param>
    /// <param name="first">The place of the first in the file, for errors.</param>
    /// <param name="part">What is being read, for errors.</param>
    /// <exception cref="InvalidDataException">A truth value is neither 0 nor 1, or a number is too large for the tensor's type.</exception>
    public void Decode(Span<byte> stored, Span<byte> elements, long first, FilePart part)
    {
        if (IsBigEndian)
        {
            Reverse(stored);
        }

        if (DType == DType.Bool && stored.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and int untrue)
        {
            part.Refuse($"element {first + untrue} of bool is {stored[untrue]}; a truth value is 0 or 1");
        }

        if (IsUnsigned64 && Cast<long>(stored).IndexOfAnyExceptInRange(0, long.MaxValue) is >= 0 and int large)
        {
            part.Refuse($"element {first + large} of u64 is {Cast<ulong>(stored)[large]}, which i64 does not hold; save it as another type, in Python by array.astype(numpy.float64)");
        }

        if (!IsSameSize)
        {
            Widen(stored, elements);
        }
    }

    private static Span<T> Cast<T>(Span<byte> bytes)
        where T : struct => MemoryMarshal.Cast<byte, T>(bytes);

    private void Reverse(Span<byte> stored)
    {
        switch (Size)
        {
            case sizeof(ushort):
                BinaryPrimitives.ReverseEndianness(Cast<ushort>(stored), Cast<ushort>(stored));
                break;
            case sizeof(uint):
                BinaryPrimitives.ReverseEndianness(Cast<uint>(stored), Cast<uint>(stored));
                break;
            case sizeof(ulong):
                BinaryPrimitives.ReverseEndianness(Cast<ulong>(stored), Cast<ulong>(stored));
                break;
        }
    }

    private void Widen(Span<byte> stored, Span<byte> elements)
    {
        switch (Size)
        {
            case sizeof(ushort) when IsUnsigned:
                TensorPrimitives.ConvertTruncating<ushort, int>(Cast<ushort>(stored), Cast<int>(elements));
                break;
            case sizeof(ushort):
                TensorPrimitives.ConvertTruncating<short, int>(Cast<short>(stored), Cast<int>(elements));
                break;
            default:
                TensorPrimitives.ConvertTruncating<uint, long>(Cast<uint>(stored), Cast<long>(elements));
                break;
        }
    }
}
