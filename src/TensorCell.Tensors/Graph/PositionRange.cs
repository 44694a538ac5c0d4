using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Graph;

/// <summary>Positions from one up to another, which belong to one thread.</summary>
/// <param name="First">The least.</param>
/// <param name="End">One more than the greatest.</param>
internal readonly record struct PositionRange(long First, long End)
{
    private const int Buckets = 1024;

    /// <summary>Ranges that cover all positions, each with about as many of them.</summary>
    /// <param name="positions">The positions.</param>
    /// <param name="count">How many there are, at least one.</param>
    /// <param name="ranges">How many ranges are wanted.</param>
    public static unsafe PositionRange[] Split(long* positions, long count, int ranges)
    {
        (long least, long greatest) = IndexExtremes.Of(positions, count);
        int shift = 0;
        while ((ulong)(greatest - least) >> shift >= Buckets)
        {
            shift++;
        }

        int[] found = new int[Buckets];
        long step = Math.Max(1, count >> 20);
        long looked = 0;
        for (long index = 0; index < count; index += step, looked++)
        {
            found[(positions[index] - least) >> shift]++;
        }

        List<PositionRange> split = [];
        long first = least;
        long passed = 0;
        for (int bucket = 0; bucket < Buckets && split.Count < ranges - 1; bucket++)
        {
            passed += found[bucket];
            if (passed * ranges >= looked * (split.Count + 1))
            {
                long end = least + ((bucket + 1L) << shift);
                split.Add(new PositionRange(first, end));
                first = end;
            }
        }

        split.Add(new PositionRange(first, greatest + 1));
        return [.. split];
    }

    /// <summary>Finds which positions a range holds, in their order.</summary>
    /// <param name="range">The range; null for all.</param>
    /// <param name="positions">The positions.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="chosen">Receives the indices of those in the range, as many as there are positions at most.</param>
    /// <returns>How many there are in it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe int Choose(PositionRange? range, long* positions, int count, int* chosen)
    {
        int found = 0;
        if (range is not { } held)
        {
            for (; found < count; found++)
            {
                chosen[found] = found;
            }

            return found;
        }

        (long first, long end) = held;
        for (int index = 0; index < count; index++)
        {
            // By the sign of the differences, since a branch would be guessed wrong for half of them.
            long position = positions[index];
            chosen[found] = index;
            found += 1 + (int)(((position - first) | (end - 1 - position)) >> 63);
        }

        return found;
    }
}
