using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Assigns values to reused vector locals: the runtime's compiler spills when every value has one of its own (see <see cref="Schedule"/>).
/// A value is alive from its first assignment to its last use, and around every loop that it is used in but not defined in.
/// </summary>
internal sealed class GridLocals
{
    private readonly List<(int Start, int End)> loops = [];

    /// <summary>The most vectors alive at once that are not the same for all items of a row.</summary>
    public int Pressure { get; private set; }

    /// <summary>Tells of a loop, inner ones before outer ones.</summary>
    public void AddLoop(int start, int end) => loops.Add((start, end));

    /// <summary>Numbers the locals of all held values; <paramref name="kind"/> tells which can share one.</summary>
    public void Assign(IEnumerable<GridValue> values, Func<GridValue, (LaneType Type, bool IsShared)> kind)
    {
        var held = values.Where(value => value.IsHeld && value.Definition >= 0).ToList();
        foreach (var value in held)
        {
            value.LastUse = Math.Max(value.LastUse, value.Definition);
            foreach (var (start, end) in loops)
            {
                if (value.Definition < start && value.LastUse >= start && value.LastUse < end)
                {
                    value.LastUse = end;
                }
            }
        }

        var active = new PriorityQueue<GridValue, int>();
        var free = new Dictionary<(LaneType, bool), SortedSet<int>>();
        var counts = new Dictionary<(LaneType, bool), int>();
        var live = 0;
        foreach (var value in held.OrderBy(value => value.Definition))
        {
            while (active.TryPeek(out var ended, out var last) && last <= value.Definition)
            {
                active.Dequeue();
                free[kind(ended)].Add(ended.Local);
                live -= kind(ended).IsShared ? 0 : 1;
            }

            var own = kind(value);
            if (!free.TryGetValue(own, out var pool))
            {
                free.Add(own, pool = []);
            }

            if (pool.Count > 0)
            {
                value.Local = pool.Min;
                pool.Remove(pool.Min);
            }
            else
            {
                value.Local = counts.GetValueOrDefault(own);
                counts[own] = value.Local + 1;
            }

            active.Enqueue(value, value.LastUse);
            live += own.IsShared ? 0 : 1;
            Pressure = Math.Max(Pressure, live);
        }
    }
}
