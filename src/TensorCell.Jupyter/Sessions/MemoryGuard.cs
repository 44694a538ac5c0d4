namespace TensorCell.Jupyter.Sessions;

/// <summary>
/// Ends a cell that fills the managed heap while there is still memory to say so: the heap's limit is
/// <c>System.GC.HeapHardLimitPercent</c> of the machine's memory.
/// </summary>
internal static class MemoryGuard
{
    private const double FullestPart = 0.92;
    private const double RoomyPart = 0.8;
    private const int LargestReserve = 64 << 20;

    private static byte[]? reserve;
    private static long fullest = long.MaxValue;
    private static int watching;

    /// <summary>
    /// Sets memory aside for telling of its exhaustion, and watches every full collection. A cell that begins with a full heap, most
    /// likely to empty it, is given the little that is left.
    /// </summary>
    public static void Arm()
    {
        long limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        long used = GC.GetTotalMemory(forceFullCollection: false);
        Volatile.Write(ref fullest, Math.Max((long)(limit * FullestPart), used + (limit / 32)));
        if (Volatile.Read(ref reserve) is null && used < limit * RoomyPart)
        {
            Volatile.Write(ref reserve, SetAside((int)Math.Min(limit / 16, LargestReserve)));
        }

        if (Interlocked.Exchange(ref watching, 1) == 0)
        {
            _ = new Sentinel();
        }
    }

    /// <summary>
    /// Gives up what was set aside, when a cell has ended for want of memory: not before, or the cell would fill that too and leave nothing
    /// for the one that is to clear up.
    /// </summary>
    public static void Release() => Volatile.Write(ref reserve, null);

    /// <summary>Whether memory had run out where an exception comes from.</summary>
    public static bool IsBehind(Exception exception)
    {
        for (Exception? error = exception; error is not null; error = error.InnerException)
        {
            if (error is OutOfMemoryException)
            {
                return true;
            }
        }

        return false;
    }

    private static byte[]? SetAside(int bytes)
    {
        try
        {
            return GC.AllocateUninitializedArray<byte>(bytes);
        }
        catch (OutOfMemoryException)
        {
            // There is room, but not in one piece until what the last cell left is collected; the next cell tries again.
            return null;
        }
    }

    private static void Look()
    {
        GCMemoryInfo blocking = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        GCMemoryInfo background = GC.GetGCMemoryInfo(GCKind.Background);
        GCMemoryInfo memory = blocking.Index > background.Index ? blocking : background;
        if (memory.HeapSizeBytes > Volatile.Read(ref fullest)
            && CellRun.Latest is { Completion.IsCompleted: false } run)
        {
            run.InterruptForMemory();
        }
    }

    /// <summary>Finalized after each collection that reaches its generation, and so soon after each full one.</summary>
    private sealed class Sentinel
    {
        ~Sentinel()
        {
            if (Environment.HasShutdownStarted)
            {
                return;
            }

            GC.ReRegisterForFinalize(this);
            try
            {
                int collections;
                do
                {
                    // A collection that runs while this looks may take it for alive, and does not call it again.
                    collections = GC.CollectionCount(GC.MaxGeneration);
                    Look();
                }
                while (collections != GC.CollectionCount(GC.MaxGeneration));
            }
            catch (OutOfMemoryException)
            {
                // Too late to look, or to start what interrupts the cell, and as good: its own next allocation ends it.
                return;
            }
        }
    }
}
