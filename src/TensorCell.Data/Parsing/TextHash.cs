using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing;

/// <summary>A quick hash of bytes, seeded anew in every process so that no file can be made to collide.</summary>
internal static unsafe class TextHash
{
    private static readonly ulong seed = (ulong)Random.Shared.NextInt64() | 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(byte* text, int length)
    {
        ulong hash = seed ^ (ulong)length;
        while (length >= 8)
        {
            hash = Mix(hash ^ Unsafe.ReadUnaligned<ulong>(text));
            text += 8;
            length -= 8;
        }

        ulong last = 0;
        for (int index = 0; index < length; index++)
        {
            last |= (ulong)text[index] << (8 * index);
        }

        hash = Mix(hash ^ last);
        return (uint)(hash >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, 0x9E37_79B9_7F4A_7C15, out ulong low);
        return high ^ low ^ (seed >> 1);
    }
}
