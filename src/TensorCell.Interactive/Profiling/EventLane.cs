using TensorCell.Kernels;

namespace TensorCell.Interactive.Profiling;

/// <summary>What one thread asked of one device, in bounded memory.</summary>
internal sealed class EventLane(string device, int thread)
{
    /// <summary>Spans remembered to be told apart from what later turns out to have run around them.</summary>
    private const int MostOpen = 2048;

    private readonly List<(long Start, long Ticks)> inner = [];
    private List<Entry> entries = [];

    /// <summary>How many entries it holds.</summary>
    public int Count => entries.Count;

    /// <summary>Adds a span, in the order of the ends.</summary>
    /// <returns>Its ticks without those of the spans within it.</returns>
    public long Add(in TraceEvent traceEvent, long start, long end)
    {
        entries.Add(new(traceEvent.Kind, traceEvent.Name, start, end, end - start, end - start, 1, traceEvent.Bytes, traceEvent.Flops, traceEvent.FlopsAreLeast));
        var own = end - start;
        while (inner.Count > 0 && inner[^1].Start >= start)
        {
            own -= inner[^1].Ticks;
            inner.RemoveAt(inner.Count - 1);
        }

        inner.Add((start, end - start));
        if (inner.Count > MostOpen)
        {
            const int joined = MostOpen / 2;
            inner[joined - 1] = (inner[0].Start, inner.Take(joined).Sum(span => span.Ticks));
            inner.RemoveRange(0, joined - 1);
        }

        return Math.Max(0, own);
    }

    /// <summary>Joins neighbours that begin within the same stretch of <paramref name="quantum"/> ticks and are no longer than it.</summary>
    public void Join(long quantum)
    {
        var joined = new List<Entry>();
        foreach (var entry in entries)
        {
            var current = entry;
            while (joined.Count > 0 && joined[^1].Start / quantum == current.Start / quantum && joined[^1].Ends(quantum) && current.Ends(quantum))
            {
                current = joined[^1].With(current);
                joined.RemoveAt(joined.Count - 1);
            }

            joined.Add(current);
        }

        entries = joined;
    }

    /// <summary>What happened, with times in seconds.</summary>
    public IEnumerable<ProfiledEvent> Events(double secondsPerTick) => entries.Select(entry =>
        new ProfiledEvent(entry.Kind, entry.Name, device, thread, entry.Start * secondsPerTick, (entry.End - entry.Start) * secondsPerTick)
        {
            Count = entry.Count,
            BusySeconds = entry.Ticks * secondsPerTick,
            Bytes = entry.Bytes,
            Flops = entry.Flops,
            FlopsAreLeast = entry.FlopsAreLeast,
        });

    private readonly record struct Entry(
        TraceKind Kind, string Name, long Start, long End, long Ticks, long TicksOfName, long Count, long Bytes, double Flops, bool FlopsAreLeast)
    {
        /// <summary>Whether it is no longer than some ticks.</summary>
        public bool Ends(long within) => End - Start <= within;

        /// <summary>Joined with one that ended later, which may have run around this one.</summary>
        public Entry With(in Entry next)
        {
            var isAround = next.Start <= Start;
            var isSame = Kind == next.Kind && Name == next.Name;
            var isNext = isAround || (!isSame && next.TicksOfName > TicksOfName);
            return new(
                isNext ? next.Kind : Kind,
                isNext ? next.Name : Name,
                Math.Min(Start, next.Start),
                Math.Max(End, next.End),
                isAround ? next.Ticks : Ticks + next.Ticks,
                isAround ? next.TicksOfName : isSame ? TicksOfName + next.TicksOfName : Math.Max(TicksOfName, next.TicksOfName),
                Count + next.Count,
                Bytes + next.Bytes,
                Flops + next.Flops,
                FlopsAreLeast || next.FlopsAreLeast);
        }
    }
}
