using System.Diagnostics;
using TensorCell.Interactive.Benchmarks;
using TensorCell.Kernels;

namespace TensorCell.Interactive.Profiling;

/// <summary>
/// Records what the engine tells of its work during stretches of a cell, in memory that does not grow with the number of launches: beyond
/// <see cref="MostEvents"/>, short neighbours are joined, and names beyond <see cref="MostNames"/> are added up together.
/// </summary>
internal sealed class WorkRecorder : ICellMeter
{
    /// <summary>The most pieces of work that are kept singly.</summary>
    public const int MostEvents = 8192;

    /// <summary>The most names that are kept apart.</summary>
    public const int MostNames = 512;

    private const int MostLanes = 64;
    private const int OtherThreads = -1;
    private readonly Lock gate = new();
    private readonly Dictionary<(string Device, int Thread), EventLane> lanes = [];
    private readonly Dictionary<(TraceKind Kind, string Name, string Device), Sum> sums = [];
    private readonly BusyTime busy = new();
    private bool isRunning;
    private long resumed;
    private long before;
    private long quantum;
    private int kept;

    /// <summary>Whether anything was recorded.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return sums.Count == 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Resume()
    {
        lock (gate)
        {
            isRunning = true;
            resumed = Stopwatch.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void Pause()
    {
        lock (gate)
        {
            isRunning = false;
            before += Stopwatch.GetTimestamp() - resumed;
        }
    }

    /// <summary>Records a piece of work, which has just ended, on the thread that asked for it.</summary>
    public void Add(TraceEvent traceEvent)
    {
        lock (gate)
        {
            if (!isRunning)
            {
                return;
            }

            var start = Math.Max(traceEvent.Start, resumed) - resumed + before;
            var end = Math.Max(traceEvent.End, resumed) - resumed + before;
            busy.Add(start, end);
            var own = LaneOf(traceEvent.Device).Add(traceEvent, start, end);
            SumOf(traceEvent).Add(own, end - start, traceEvent);
            if (++kept > MostEvents)
            {
                Join(end);
            }
        }
    }

    /// <summary>What was recorded so far.</summary>
    /// <param name="name">The variable that will hold it.</param>
    public CellProfile Profile(string name)
    {
        lock (gate)
        {
            var perTick = 1.0 / Stopwatch.Frequency;
            var seconds = (before + (isRunning ? Stopwatch.GetTimestamp() - resumed : 0)) * perTick;
            var work = sums.Select(sum => sum.Value.Of(sum.Key, perTick, seconds)).OrderByDescending(work => work.Seconds);
            var events = lanes.Values.SelectMany(lane => lane.Events(perTick)).OrderBy(piece => piece.Start).ThenByDescending(piece => piece.Seconds);
            return new(name, seconds, [.. events], [.. work]) { BusySeconds = Math.Min(seconds, busy.Ticks * perTick) };
        }
    }

    private void Join(long now)
    {
        quantum = quantum == 0 ? Math.Max(1, now / MostEvents) : quantum;
        while (true)
        {
            kept = 0;
            foreach (var lane in lanes.Values)
            {
                lane.Join(quantum);
                kept += lane.Count;
            }

            if (kept <= MostEvents / 2)
            {
                return;
            }

            quantum *= 2;
        }
    }

    private EventLane LaneOf(string device)
    {
        var thread = Environment.CurrentManagedThreadId;
        if (!lanes.TryGetValue((device, thread), out var lane))
        {
            thread = lanes.Count < MostLanes ? thread : OtherThreads;
            if (!lanes.TryGetValue((device, thread), out lane))
            {
                lanes.Add((device, thread), lane = new(device, thread));
            }
        }

        return lane;
    }

    private Sum SumOf(in TraceEvent traceEvent)
    {
        var key = (traceEvent.Kind, traceEvent.Name, traceEvent.Device);
        if (!sums.TryGetValue(key, out var sum))
        {
            key.Name = sums.Count < MostNames ? key.Name : "others";
            if (!sums.TryGetValue(key, out sum))
            {
                sums.Add(key, sum = new());
            }
        }

        return sum;
    }

    private sealed class Sum
    {
        private long count;
        private long ticks;
        private long shortest = long.MaxValue;
        private long longest;
        private double bytes;
        private double flops;
        private bool flopsAreLeast;

        public void Add(long own, long whole, in TraceEvent traceEvent)
        {
            count++;
            ticks += own;
            shortest = Math.Min(shortest, whole);
            longest = Math.Max(longest, whole);
            bytes += traceEvent.Bytes;
            flops += traceEvent.Flops;
            flopsAreLeast |= traceEvent.FlopsAreLeast;
        }

        public ProfiledWork Of((TraceKind Kind, string Name, string Device) key, double secondsPerTick, double cellSeconds) =>
            new(key.Kind, key.Name, key.Device, count, ticks * secondsPerTick)
            {
                Shortest = shortest * secondsPerTick,
                Longest = longest * secondsPerTick,
                Share = cellSeconds > 0 ? ticks * secondsPerTick / cellSeconds : 0,
                Bytes = bytes,
                Flops = flops,
                FlopsAreLeast = flopsAreLeast,
            };
    }
}
