namespace TensorCell.Kernels;

/// <summary>The account of the memory that buffers hold, which turns exhaustion into an error before the system kills the process.</summary>
internal static class MemoryBudget
{
    private static long limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4;
    private static long inUse;
    private static long peak;

    public static long Limit
    {
        get => Volatile.Read(ref limit);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Volatile.Write(ref limit, value);
        }
    }

    public static long InUse => Volatile.Read(ref inUse);

    public static long Peak => Math.Max(Volatile.Read(ref peak), InUse);

    public static void ResetPeak() => Volatile.Write(ref peak, InUse);

    /// <summary>A new array within the budget, trying harder before giving up.</summary>
    public static CacheLine[] Allocate(int lineCount)
    {
        var bytes = (long)lineCount * CpuBuffer.Alignment;
        if (InUse + BufferPool.Bytes + bytes > Limit)
        {
            Reclaim();
            if (InUse + bytes > Limit)
            {
                Throw.OutOfBudget(bytes, InUse, Limit, cause: null);
            }
        }

        CacheLine[] lines;
        try
        {
            lines = NewArray(lineCount);
        }
        catch (OutOfMemoryException)
        {
            lines = AllocateAfterReclaiming(lineCount, bytes);
        }

        Take(bytes);
        return lines;
    }

    /// <summary>Adds to the account.</summary>
    public static void Take(long bytes)
    {
        var now = Interlocked.Add(ref inUse, bytes);
        var before = Volatile.Read(ref peak);
        while (now > before)
        {
            before = Interlocked.CompareExchange(ref peak, now, before) is var seen && seen == before ? now : seen;
        }
    }

    /// <summary>Takes off the account.</summary>
    public static void Return(long bytes) => Interlocked.Add(ref inUse, -bytes);

    private static CacheLine[] AllocateAfterReclaiming(int lineCount, long bytes)
    {
        Reclaim();
        try
        {
            return NewArray(lineCount);
        }
        catch (OutOfMemoryException exhausted)
        {
            Throw.OutOfBudget(bytes, InUse, Limit, exhausted);
            throw;
        }
    }

    private static CacheLine[] NewArray(int lineCount)
    {
        var lines = GC.AllocateUninitializedArray<CacheLine>(lineCount, pinned: true);
        HugePages.Advise(lines);
        return lines;
    }

    private static void Reclaim()
    {
        // What was dropped goes to the pool first; only then is the pool let go of, and its arrays freed.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        BufferPool.Clear();
        GC.Collect();
    }
}
