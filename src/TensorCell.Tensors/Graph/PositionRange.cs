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
        long first = long.MinValue;
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

        split.Add(new PositionRange(first, long.MaxValue));
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
        (long first, long end) = range ?? new PositionRange(long.MinValue, long.MaxValue);
        int found = 0;
        for (int index = 0; index < count; index++)
        {
            // Without a branch, which would be guessed wrong for half of them.
            chosen[found] = index;
            found += positions[index] >= first & positions[index] < end ? 1 : 0;
        }

        return found;
    }
}
