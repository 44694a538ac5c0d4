using System.Numerics;

namespace TensorCell.Kernels;

/// <summary>
/// Arrays of disposed buffers, by size class (eight to a power of two, so at most an eighth is wasted), newest first. Memory fresh
/// from the system costs a page fault per 4 KiB, often more than the computation that fills it.
/// </summary>
internal static class BufferPool
{
    private const int StepsPerPowerOfTwo = 8;
    private const int ClassCount = 64 * StepsPerPowerOfTwo;
    private static readonly TimeSpan idleTime = TimeSpan.FromSeconds(60);
    private static readonly Stack<Entry>[] classes = CreateClasses();
    private static readonly Lock access = new();
    private static long bytes;

    static BufferPool() => CollectionWatcher.Start(Trim);

    public static long Bytes => Volatile.Read(ref bytes);

    /// <summary>The length of array that serves a buffer: the size class that holds it, and a line to spare for alignment.</summary>
    public static int LinesFor(long byteLength)
    {
        var lines = (byteLength / CpuBuffer.Alignment) + (byteLength % CpuBuffer.Alignment == 0 ? 0 : 1);
        lines = ClassSize(ClassOf(lines)) + 1;
        if (lines > Array.MaxLength)
        {
            Throw.OutOfBudget(byteLength, MemoryBudget.InUse, MemoryBudget.Limit, cause: null);
        }

        return (int)lines;
    }

    /// <summary>A kept array of just this length, already accounted for, or none.</summary>
    public static CacheLine[]? Rent(int lineCount)
    {
        CacheLine[] lines;
        lock (access)
        {
            if (!classes[ClassOf(lineCount - 1)].TryPop(out var entry))
            {
                return null;
            }

            lines = entry.Lines;
            bytes -= CpuBuffer.BytesOf(lines);
        }

        MemoryBudget.Take(CpuBuffer.BytesOf(lines));
        return lines;
    }

    /// <summary>Keeps an array, unless the pool holds half the budget already.</summary>
    public static void Return(CacheLine[] lines)
    {
        var size = CpuBuffer.BytesOf(lines);
        lock (access)
        {
            if (bytes + size <= MemoryBudget.Limit / 2)
            {
                classes[ClassOf(lines.Length - 1)].Push(new Entry(lines, Environment.TickCount64));
                bytes += size;
            }
        }
    }

    /// <summary>Lets go of everything.</summary>
    public static void Clear() => Drop(_ => true);

    /// <summary>Lets go of what has been idle long, or of everything when the machine's memory runs short.</summary>
    private static void Trim()
    {
        var memory = GC.GetGCMemoryInfo();
        if (memory.MemoryLoadBytes >= memory.HighMemoryLoadThresholdBytes)
        {
            Clear();
            return;
        }

        var oldest = Environment.TickCount64 - (long)idleTime.TotalMilliseconds;
        Drop(entry => entry.ReturnedAt < oldest);
    }

    private static void Drop(Predicate<Entry> isDropped)
    {
        lock (access)
        {
            foreach (var entries in classes)
            {
                if (entries.Count == 0)
                {
                    continue;
                }

                // Newest first as enumerated, so pushed in reverse.
                var kept = entries.Where(entry => !isDropped(entry)).Reverse().ToArray();
                entries.Clear();
                foreach (var entry in kept)
                {
                    entries.Push(entry);
                }
            }

            bytes = classes.Sum(entries => entries.Sum(entry => CpuBuffer.BytesOf(entry.Lines)));
        }
    }

    private static int ClassOf(long lines)
    {
        if (lines <= StepsPerPowerOfTwo)
        {
            return (int)lines;
        }

        var shift = BitOperations.Log2((ulong)(lines - 1)) - BitOperations.Log2((ulong)StepsPerPowerOfTwo);
        return (shift * StepsPerPowerOfTwo) + (int)((lines - 1) >> shift) + 1;
    }

    private static long ClassSize(int sizeClass)
    {
        if (sizeClass <= StepsPerPowerOfTwo)
        {
            return sizeClass;
        }

        var shift = (sizeClass - 1 - StepsPerPowerOfTwo) / StepsPerPowerOfTwo;
        return (long)(sizeClass - (shift * StepsPerPowerOfTwo)) << shift;
    }

    private static Stack<Entry>[] CreateClasses()
    {
        var created = new Stack<Entry>[ClassCount];
        for (var i = 0; i < created.Length; i++)
        {
            created[i] = new Stack<Entry>();
        }

        return created;
    }

    private readonly record struct Entry(CacheLine[] Lines, long ReturnedAt);
}
