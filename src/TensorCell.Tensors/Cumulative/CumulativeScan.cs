using System.Numerics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Cumulative;

/// <summary>
/// Running totals along an axis, in parallel over the other axes. Where those are too few to share out, the axis is cut into segments by its
/// length alone: a first pass finds the total of each, and the second begins each with the total of those before it (Blelloch 1990). So
/// results do not depend on the number of threads, and totals of numbers of one sign never step back from one segment to the next.
/// </summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <typeparam name="TTotal">The type in which totals are kept.</typeparam>
/// <typeparam name="TRule">How totals are joined.</typeparam>
internal sealed unsafe class CumulativeScan<T, TTotal, TRule>
    where T : unmanaged, INumber<T>
    where TTotal : unmanaged, INumber<TTotal>
    where TRule : struct, IAccumulation<TTotal>
{
    private const int TaskCount = 1 << 15;
    private const int ChunkWidth = 256;

    // So many tasks keep any processor busy without cutting the axis.
    private const long ManyTasks = 64;

    private readonly T* source;
    private readonly T* target;
    private readonly AxisSplit split;
    private readonly bool isReversed;
    private readonly int chunkWidth;
    private readonly int chunks;
    private readonly int segmentLength;
    private readonly int segments;
    private readonly int outerPerTask;

    /// <summary>Prepares a scan.</summary>
    /// <param name="source">The elements, row-major.</param>
    /// <param name="target">Where the totals go, row-major; apart from the source.</param>
    /// <param name="split">How both lie.</param>
    /// <param name="isReversed">Whether totals run from the end of the axis to its beginning.</param>
    public CumulativeScan(T* source, T* target, AxisSplit split, bool isReversed)
    {
        this.source = source;
        this.target = target;
        this.split = split;
        this.isReversed = isReversed;
        chunkWidth = (int)Math.Min(split.Inner, ChunkWidth);
        chunks = (int)((split.Inner + chunkWidth - 1) / chunkWidth);
        bool isCut = split.Outer * chunks < ManyTasks;
        segmentLength = isCut ? Math.Max(TaskCount / chunkWidth, 1) : split.Length;
        segments = (split.Length + segmentLength - 1) / segmentLength;
        outerPerTask = (int)Math.Max(TaskCount / (split.Length * split.Inner), 1);
    }

    /// <summary>Computes all totals.</summary>
    public void Run()
    {
        TTotal[]? totals = segments > 1 ? SegmentTotals() : null;
        int groups = checked((int)((split.Outer + outerPerTask - 1) / outerPerTask));
        Workers.For(checked(groups * segments * chunks), task =>
        {
            int chunk = task % chunks;
            int segment = task / chunks % segments;
            long first = (long)(task / chunks / segments) * outerPerTask;
            long end = Math.Min(first + outerPerTask, split.Outer);
            for (long outer = first; outer < end; outer++)
            {
                fixed (TTotal* before = totals)
                {
                    Scan(outer, segment, chunk, totals is null ? null : before + Place(outer, segment, chunk), null);
                }
            }
        });
    }

    /// <summary>The totals of all that lies before each segment.</summary>
    private TTotal[] SegmentTotals()
    {
        TTotal[] totals = new TTotal[split.Outer * segments * split.Inner];
        Workers.For(checked((int)split.Outer * segments * chunks), task =>
        {
            int chunk = task % chunks;
            int segment = task / chunks % segments;
            long outer = task / chunks / segments;
            fixed (TTotal* total = totals)
            {
                Scan(outer, segment, chunk, null, total + Place(outer, segment, chunk));
            }
        });
        for (long line = 0; line < split.Lines; line++)
        {
            long place = (line / split.Inner * segments * split.Inner) + (line % split.Inner);
            TTotal before = TRule.Identity;
            for (int segment = 0; segment < segments; segment++)
            {
                TTotal own = totals[place];
                totals[place] = before;
                before = TRule.Combine(before, own);
                place += split.Inner;
            }
        }

        return totals;
    }

    private long Place(long outer, int segment, int chunk) => (((outer * segments) + segment) * split.Inner) + ((long)chunk * chunkWidth);

    /// <summary>Goes over a segment of some lines beside each other.</summary>
    /// <param name="outer">Which lines.</param>
    /// <param name="segment">Which segment, in the order of the totals.</param>
    /// <param name="chunk">Which of the lines.</param>
    /// <param name="before">The total before the segment for each line, or null for none.</param>
    /// <param name="totals">Where the segment's own totals go; null to write running totals instead.</param>
    private void Scan(long outer, int segment, int chunk, TTotal* before, TTotal* totals)
    {
        int begin = segment * segmentLength;
        int length = Math.Min(segmentLength, split.Length - begin);
        int width = (int)Math.Min(chunkWidth, split.Inner - ((long)chunk * chunkWidth));
        long first = (((outer * split.Length) + (isReversed ? split.Length - 1 - begin : begin)) * split.Inner) + ((long)chunk * chunkWidth);
        nint step = (nint)(isReversed ? -split.Inner : split.Inner);
        if (width == 1)
        {
            TTotal total = totals is null ? Line(source + first, target + first, step, length, before is null ? TRule.Identity : *before) : Total(source + first, step, length);
            if (totals is not null)
            {
                *totals = total;
            }

            return;
        }

        TTotal* running = stackalloc TTotal[ChunkWidth];
        new Span<TTotal>(running, width).Fill(TRule.Identity);
        CumulativeColumns<T, TTotal, TRule>.Run(source + first, totals is null ? target + first : null, step, length, running, before, width);
        if (totals is not null)
        {
            new Span<TTotal>(running, width).CopyTo(new Span<TTotal>(totals, width));
        }
    }

    /// <summary>Totals of one line. Four elements at a time are joined to each other first, so that few operations wait for the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TTotal Line(T* source, T* target, nint step, int length, TTotal before)
    {
        TTotal running = TRule.Identity;
        for (; length >= 4; length -= 4)
        {
            TTotal first = TTotal.CreateTruncating(*source);
            TTotal second = TRule.Combine(first, TTotal.CreateTruncating(source[step]));
            TTotal third = TRule.Combine(second, TTotal.CreateTruncating(source[2 * step]));
            TTotal fourth = TRule.Combine(third, TTotal.CreateTruncating(source[3 * step]));
            *target = T.CreateTruncating(TRule.Combine(before, TRule.Combine(running, first)));
            target[step] = T.CreateTruncating(TRule.Combine(before, TRule.Combine(running, second)));
            target[2 * step] = T.CreateTruncating(TRule.Combine(before, TRule.Combine(running, third)));
            running = TRule.Combine(running, fourth);
            target[3 * step] = T.CreateTruncating(TRule.Combine(before, running));
            source += 4 * step;
            target += 4 * step;
        }

        for (; length > 0; length--)
        {
            running = TRule.Combine(running, TTotal.CreateTruncating(*source));
            *target = T.CreateTruncating(TRule.Combine(before, running));
            source += step;
            target += step;
        }

        return running;
    }

    /// <summary>The last total of a line, joined in the same order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TTotal Total(T* source, nint step, int length)
    {
        TTotal running = TRule.Identity;
        for (; length >= 4; length -= 4)
        {
            TTotal four = TRule.Combine(TTotal.CreateTruncating(*source), TTotal.CreateTruncating(source[step]));
            four = TRule.Combine(four, TTotal.CreateTruncating(source[2 * step]));
            running = TRule.Combine(running, TRule.Combine(four, TTotal.CreateTruncating(source[3 * step])));
            source += 4 * step;
        }

        for (; length > 0; length--)
        {
            running = TRule.Combine(running, TTotal.CreateTruncating(*source));
            source += step;
        }

        return running;
    }
}
