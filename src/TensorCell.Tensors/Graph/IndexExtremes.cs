using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Graph;

/// <summary>The least and the greatest of many indices.</summary>
internal static unsafe class IndexExtremes
{
    /// <summary>The least and the greatest.</summary>
    /// <param name="indices">The indices.</param>
    /// <param name="count">How many there are, at least one.</param>
    public static (long Least, long Greatest) Of(long* indices, long count)
    {
        long least = long.MaxValue;
        long greatest = long.MinValue;
        Lock joining = new();
        Blocks.For(count, sizeof(long), (first, end) =>
        {
            (long low, long high) = Within(indices + first, end - first);
            lock (joining)
            {
                least = Math.Min(least, low);
                greatest = Math.Max(greatest, high);
            }
        });
        return (least, greatest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (long Least, long Greatest) Within(long* indices, long count)
    {
        Vector<long> lows = new(long.MaxValue);
        Vector<long> highs = new(long.MinValue);
        long done = 0;
        for (; done <= count - Vector<long>.Count; done += Vector<long>.Count)
        {
            Vector<long> some = Vector.Load(indices + done);
            lows = Vector.Min(lows, some);
            highs = Vector.Max(highs, some);
        }

        long least = long.MaxValue;
        long greatest = long.MinValue;
        for (int lane = 0; lane < Vector<long>.Count; lane++)
        {
            least = Math.Min(least, lows[lane]);
            greatest = Math.Max(greatest, highs[lane]);
        }

        for (; done < count; done++)
        {
            least = Math.Min(least, indices[done]);
            greatest = Math.Max(greatest, indices[done]);
        }

        return (least, greatest);
    }
}
