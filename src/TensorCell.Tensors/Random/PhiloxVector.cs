using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors;

/// <summary>The words of eight blocks of <see cref="Philox"/> whose counters follow one another, each word in the low half of a lane.</summary>
/// <param name="First">The first words.</param>
/// <param name="Second">The second words.</param>
/// <param name="Third">The third words.</param>
/// <param name="Fourth">The fourth words.</param>
internal readonly record struct PhiloxVector(Vector512<ulong> First, Vector512<ulong> Second, Vector512<ulong> Third, Vector512<ulong> Fourth)
{
    /// <summary>How many blocks there are.</summary>
    public const int Blocks = 8;

    /// <summary>The words of the blocks from a counter below 2⁶⁴ on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxVector From(ulong counter, ulong key)
    {
        Vector512<ulong> low = Vector512.Create((ulong)uint.MaxValue);
        Vector512<ulong> counters = Vector512.Create(counter) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
        Vector512<ulong> c0 = counters & low;
        Vector512<ulong> c1 = counters >> 32;
        Vector512<ulong> c2 = Vector512<ulong>.Zero;
        Vector512<ulong> c3 = Vector512<ulong>.Zero;
        uint k0 = (uint)key;
        uint k1 = (uint)(key >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector512<ulong> product0 = c0 * Philox.Multiplier0;
            Vector512<ulong> product1 = c2 * Philox.Multiplier1;
            c0 = (product1 >> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c1 = product1 & low;
            c2 = (product0 >> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            c3 = product0 & low;
            k0 += Philox.Weyl0;
            k1 += Philox.Weyl1;
        }

        return new PhiloxVector(c0, c1, c2, c3);
    }
}
