namespace TensorCell.Kernels.Simd;

/// <summary>
/// What has been compiled, by structure: a live kernel costs about 70 KB, so only those used last are remembered. Code that a launch or a
/// function still holds outlives its place here.
/// </summary>
internal static class CodeCache
{
    private static readonly Lock gate = new();
    private static readonly Dictionary<StructuralKey, LinkedListNode<(StructuralKey Key, object Code)>> entries = [];
    private static readonly LinkedList<(StructuralKey Key, object Code)> latest = new();
    private static int limit = 512;
    private static long hits;
    private static long misses;
    private static long evictions;

    /// <summary>How many kernels are remembered at most.</summary>
    public static int Limit
    {
        get => limit;
        set
        {
            lock (gate)
            {
                limit = value;
                Shrink();
            }
        }
    }

    /// <summary>How many kernels are remembered, and how the cache has done.</summary>
    public static KernelCacheStatistics Statistics
    {
        get
        {
            lock (gate)
            {
                return new(Interlocked.Read(ref hits), misses, entries.Count, evictions, limit);
            }
        }
    }

    /// <summary>Counts a launch that had its code at hand.</summary>
    public static void CountHit() => Interlocked.Increment(ref hits);

    /// <summary>What was made for a key, or is made now.</summary>
    public static T Get<T>(StructuralKey key, Func<T> make)
        where T : class
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var found))
            {
                latest.Remove(found);
                latest.AddFirst(found);
                CountHit();
                return (T)found.Value.Code;
            }
        }

        // Outside of the lock, since it may compile other kernels; two may make the same, of which the first is kept.
        var made = make();
        lock (gate)
        {
            if (entries.TryGetValue(key, out var found))
            {
                return (T)found.Value.Code;
            }

            misses++;
            entries.Add(key, latest.AddFirst((key, made)));
            Shrink();
            return made;
        }
    }

    private static void Shrink()
    {
        while (entries.Count > limit)
        {
            entries.Remove(latest.Last!.Value.Key);
            latest.RemoveLast();
            evictions++;
        }
    }
}
