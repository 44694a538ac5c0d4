using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Data.Parsing;

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
