using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Data.Parsing;

/// <summary>64 bytes compared at once, by vectors of one width.</summary>
internal unsafe interface IByteBlock
{
    /// <summary>The places of the bytes that mean something, one bit a byte, the first byte lowest.</summary>
    static abstract BlockMasks Compare(byte* bytes, byte separator, byte quote);
}

/// <summary>Where in 64 bytes each meaningful byte stands.</summary>
internal readonly record struct BlockMasks(ulong Separators, ulong LineFeeds, ulong CarriageReturns, ulong Quotes);

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

/// <summary>By vectors of 512 bits.</summary>
internal readonly unsafe struct ByteBlock512 : IByteBlock
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockMasks Compare(byte* bytes, byte separator, byte quote)
    {
        Vector512<byte> all = Vector512.Load(bytes);
        return new BlockMasks(
            Vector512.Equals(all, Vector512.Create(separator)).ExtractMostSignificantBits(),
            Vector512.Equals(all, Vector512.Create((byte)'\n')).ExtractMostSignificantBits(),
            Vector512.Equals(all, Vector512.Create((byte)'\r')).ExtractMostSignificantBits(),
            Vector512.Equals(all, Vector512.Create(quote)).ExtractMostSignificantBits());
    }
}
