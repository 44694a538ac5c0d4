namespace TensorCell.Kernels;

/// <summary>
/// Looks for dropped buffers before fresh memory is taken. The collector sees only the small objects that hold the buffers, so it
/// runs far too rarely for a loop that drops a large result in every turn: the loop would take fresh memory, and its page faults,
/// each time. A collection of the young generations costs about as much as the page faults of a single megabyte.
/// </summary>
internal static class Reclamation
{
    private const long SmallestBuffer = 256 << 10;
    private const long ShortestInterval = 64 << 20;
    private const long LongestInterval = 256 << 20;

    // Holders that lived long are found by full collections only, which cost as much as the page faults of some hundred megabytes.
    private const long FullInterval = 4L << 30;
    private static readonly TimeSpan patience = TimeSpan.FromMilliseconds(100);
    private static readonly Lock gate = new();
    private static long interval = ShortestInterval;
    private static long allocated;
    private static long allocatedSinceFull;
    private static long found;

    /// <summary>Counts the bytes of a buffer handed out.</summary>
    public static void Count(long byteLength) => Interlocked.Add(ref allocated, byteLength);

    /// <summary>Counts the bytes of a dropped buffer returned to the pool.</summary>
    public static void Found(long byteLength) => Interlocked.Add(ref found, byteLength);

    /// <summary>Whether so much was handed out since the last look that another is worth its time for a buffer of this size.</summary>
    public static bool IsDue(long byteLength) =>
        byteLength >= SmallestBuffer && Volatile.Read(ref allocated) >= Math.Max(Volatile.Read(ref interval), 2 * byteLength);

    /// <summary>Collects the young generations and lets the finalizers of dropped buffers return them to the pool.</summary>
    /// <returns>Whether any were found.</returns>
    public static bool Run()
    {
        if (!gate.TryEnter())
        {
            return false;
        }

        try
        {
            var before = Volatile.Read(ref found);
            var looked = Interlocked.Exchange(ref allocated, 0);
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);

            // From another thread and not for ever: a finalizer of the user's may wait for a lock that this thread holds.
            Task.Run(GC.WaitForPendingFinalizers).Wait(patience);
            var gained = Volatile.Read(ref found) - before;
            interval = gained >= looked / 2 ? ShortestInterval : Math.Min(interval * 2, LongestInterval);
            allocatedSinceFull = gained >= looked ? 0 : allocatedSinceFull + looked - gained;
            if (allocatedSinceFull >= FullInterval)
            {
                allocatedSinceFull = 0;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }

            return gained > 0;
        }
        finally
        {
            gate.Exit();
        }
    }
}
