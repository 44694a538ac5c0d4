using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Data.Parsing;

/// <summary>By vectors of 256 bits.</summary>
internal readonly unsafe struct ByteBlock256 : IByteBlock
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockMasks Compare(byte* bytes, byte separator, byte quote)
    {
        Vector256<byte> first = Vector256.Load(bytes);
        Vector256<byte> second = Vector256.Load(bytes + 32);
        return new BlockMasks(
            Find(first, second, separator),
            Find(first, second, (byte)'\n'),
            Find(first, second, (byte)'\r'),
            Find(first, second, quote));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Find(Vector256<byte> first, Vector256<byte> second, byte value)
    {
        Vector256<byte> wanted = Vector256.Create(value);
        return Vector256.Equals(first, wanted).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(second, wanted).ExtractMostSignificantBits() << 32);
    }
}
