namespace TensorCell.Interactive.Profiling;

/// <summary>How much time is covered by spans that are told of in about the order of their ends.</summary>
internal sealed class BusyTime
{
    private const int MostOpen = 2048;
    private readonly List<(long Start, long End)> spans = [];
    private long settled;
    private long settledUntil = long.MinValue;

    /// <summary>Ticks covered by at least one span.</summary>
    public long Ticks => settled + spans.Sum(span => span.End - span.Start);

    /// <summary>Adds a span.</summary>
    public void Add(long start, long end)
    {
        start = Math.Max(start, settledUntil);
        if (end <= start)
        {
            return;
        }

        // What several threads tell of at the same moment may come a little out of order.
        var later = new List<(long Start, long End)>();
        while (spans.Count > 0 && spans[^1].End >= start)
        {
            var last = spans[^1];
            spans.RemoveAt(spans.Count - 1);
            if (last.Start > end)
            {
                later.Add(last);
            }
            else
            {
                (start, end) = (Math.Min(start, last.Start), Math.Max(end, last.End));
            }
        }

        spans.Add((start, end));
        for (var i = later.Count - 1; i >= 0; i--)
        {
            spans.Add(later[i]);
        }

        if (spans.Count > MostOpen)
        {
            const int done = MostOpen / 2;
            settled += spans.Take(done).Sum(span => span.End - span.Start);
            settledUntil = spans[done - 1].End;
            spans.RemoveRange(0, done);
        }
    }
}
