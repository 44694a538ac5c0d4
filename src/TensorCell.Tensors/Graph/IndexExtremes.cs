using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Graph;

/// <summary>The least and the greatest of many indices.</summary>
internal static unsafe class IndexExtremes
{
    /// <summary>The least and the greatest.</summary>
    /// <param name="indices">The indices.</param>
    /// <param name="count">How many there are, at least one.</param>
    public static (long Least, long Greatest) Of<TIndex>(TIndex* indices, long count)
        where TIndex : unmanaged, IBinaryInteger<TIndex>, IMinMaxValue<TIndex>
    {
        TIndex least = TIndex.MaxValue;
        TIndex greatest = TIndex.MinValue;
        Lock joining = new();
        Blocks.For(count, sizeof(TIndex), (first, end) =>
        {
            (TIndex low, TIndex high) = Within(indices + first, end - first);
            lock (joining)
            {
                least = TIndex.Min(least, low);
                greatest = TIndex.Max(greatest, high);
            }
        });
        return (long.CreateTruncating(least), long.CreateTruncating(greatest));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (TIndex Least, TIndex Greatest) Within<TIndex>(TIndex* indices, long count)
        where TIndex : unmanaged, IBinaryInteger<TIndex>, IMinMaxValue<TIndex>
    {
        int lanes = Vector512<TIndex>.Count;
        Vector512<TIndex> lows = Vector512.Create(TIndex.MaxValue);
        Vector512<TIndex> highs = Vector512.Create(TIndex.MinValue);
        (Vector512<TIndex> otherLows, Vector512<TIndex> otherHighs) = (lows, highs);
        long done = 0;
        for (; done <= count - (2 * lanes); done += 2 * lanes)
        {
            Vector512<TIndex> some = Vector512.Load(indices + done);
            Vector512<TIndex> others = Vector512.Load(indices + done + lanes);
            lows = Vector512.Min(lows, some);
            highs = Vector512.Max(highs, some);
            otherLows = Vector512.Min(otherLows, others);
            otherHighs = Vector512.Max(otherHighs, others);
        }

        lows = Vector512.Min(lows, otherLows);
        highs = Vector512.Max(highs, otherHighs);
        TIndex least = TIndex.MaxValue;
        TIndex greatest = TIndex.MinValue;
        for (int lane = 0; lane < lanes; lane++)
        {
            least = TIndex.Min(least, lows[lane]);
            greatest = TIndex.Max(greatest, highs[lane]);
        }

        for (; done < count; done++)
        {
            least = TIndex.Min(least, indices[done]);
            greatest = TIndex.Max(greatest, indices[done]);
        }

        return (least, greatest);
    }
}
