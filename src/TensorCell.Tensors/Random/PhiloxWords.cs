using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors;

/// <summary>The words of many blocks of <see cref="Philox"/>, one after the other.</summary>
internal static unsafe class PhiloxWords
{
    /// <summary>Words in a block.</summary>
    public const int PerBlock = 4;

    /// <summary>Blocks are computed so many at a time.</summary>
    public const int Blocks = PhiloxVector.Blocks;

    /// <summary>Writes the words of blocks whose counters follow one another.</summary>
    /// <param name="block">The first counter.</param>
    /// <param name="seed">The key.</param>
    /// <param name="count">How many words are wanted; up to the next multiple of <see cref="Blocks"/> blocks are written.</param>
    /// <param name="words">Where they go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(ulong block, ulong seed, int count, uint* words)
    {
        for (int done = 0; done < count; done += PerBlock * Blocks)
        {
            PhiloxVector vector = PhiloxVector.From(block, seed);

            // Words are in the low halves of lanes. Pairs of them make lanes, and pairs of lanes blocks.
            Vector512<ulong> lower = vector.First | (vector.Second << 32);
            Vector512<ulong> upper = vector.Third | (vector.Fourth << 32);
            Vector512<ulong> first = Vector512.Shuffle(lower, Vector512.Create(0UL, 0, 1, 1, 2, 2, 3, 3));
            Vector512<ulong> second = Vector512.Shuffle(upper, Vector512.Create(0UL, 0, 1, 1, 2, 2, 3, 3));
            Vector512<ulong> isUpper = Vector512.Create(0UL, ulong.MaxValue, 0, ulong.MaxValue, 0, ulong.MaxValue, 0, ulong.MaxValue);
            Vector512.ConditionalSelect(isUpper, second, first).AsUInt32().Store(words + done);
            first = Vector512.Shuffle(lower, Vector512.Create(4UL, 4, 5, 5, 6, 6, 7, 7));
            second = Vector512.Shuffle(upper, Vector512.Create(4UL, 4, 5, 5, 6, 6, 7, 7));
            Vector512.ConditionalSelect(isUpper, second, first).AsUInt32().Store(words + done + 16);
            block += Blocks;
        }
    }
}
