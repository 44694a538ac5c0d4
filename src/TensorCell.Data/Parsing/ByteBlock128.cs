using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Data.Parsing;

/// <summary>By vectors of 128 bits.</summary>
internal readonly unsafe struct ByteBlock128 : IByteBlock
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockMasks Compare(byte* bytes, byte separator, byte quote)
    {
        Vector128<byte> first = Vector128.Load(bytes);
        Vector128<byte> second = Vector128.Load(bytes + 16);
        Vector128<byte> third = Vector128.Load(bytes + 32);
        Vector128<byte> fourth = Vector128.Load(bytes + 48);
        return new BlockMasks(
            Find(first, second, third, fourth, separator),
            Find(first, second, third, fourth, (byte)'\n'),
            Find(first, second, third, fourth, (byte)'\r'),
            Find(first, second, third, fourth, quote));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Find(Vector128<byte> first, Vector128<byte> second, Vector128<byte> third, Vector128<byte> fourth, byte value)
    {
        Vector128<byte> wanted = Vector128.Create(value);
        return Vector128.Equals(first, wanted).ExtractMostSignificantBits()
            | ((ulong)Vector128.Equals(second, wanted).ExtractMostSignificantBits() << 16)
            | ((ulong)Vector128.Equals(third, wanted).ExtractMostSignificantBits() << 32)
            | ((ulong)Vector128.Equals(fourth, wanted).ExtractMostSignificantBits() << 48);
    }
}
