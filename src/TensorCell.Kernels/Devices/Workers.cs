using System.Runtime.CompilerServices;

namespace TensorCell.Kernels;

/// <summary>
/// The engine's own threads. <see cref="For(int, Action{int})"/> spreads blocks of work over them and the caller with a launch
/// latency of microseconds: a worker spins briefly after its last block, then parks and costs nothing.
/// </summary>
/// <remarks>
/// Several callers may launch at once: every caller works on its own blocks, so none ever waits for a worker that another
/// caller keeps busy. A launch inside a block runs on the calling thread alone.
/// </remarks>
public static class Workers
{
    /// <summary>The most threads that can be asked for.</summary>
    public const int MaximumThreadCount = 1024;

    private const string ThreadCountVariable = "TENSORCELL_THREADS";
    private static readonly Lock growth = new();
    private static WorkerThread[] threads = [];
    private static Launch[] launches = [];
    private static int threadCount = DefaultThreadCount();

    [ThreadStatic]
    private static bool isInsideBlock;

    /// <summary>
    /// Threads that share a launch, the caller included. The default is the number of processors the process may use, or the
    /// environment variable <c>TENSORCELL_THREADS</c>; results never depend on it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1 or more than <see cref="MaximumThreadCount"/>.</exception>
    public static int ThreadCount
    {
        get => Volatile.Read(ref threadCount);
        set
        {
            if (value is < 1 or > MaximumThreadCount)
            {
                Throw.ThreadCount(value, MaximumThreadCount);
            }

            Volatile.Write(ref threadCount, value);
        }
    }

    /// <summary>Whether the calling thread runs a block now, so that a further launch would run on it alone.</summary>
    public static bool IsInsideBlock => isInsideBlock;

    /// <summary>Runs <paramref name="body"/> once for every block, in no particular order, and returns when all are done.</summary>
    /// <param name="blockCount">How many blocks; none or fewer is no work.</param>
    /// <param name="body">Receives the block's index, from 0. It runs in the caller's execution context.</param>
    /// <exception cref="OperationCanceledException">The running cell was interrupted; checked before every block.</exception>
    public static void For(int blockCount, Action<int> body) => For(blockCount, (block, _) => body(block));

    /// <summary>Runs <paramref name="body"/> once for every block, in no particular order, and returns when all are done.</summary>
    /// <param name="blockCount">How many blocks; none or fewer is no work.</param>
    /// <param name="body">
    /// Receives the block's index, from 0, and the participant's, from 0 to <see cref="ThreadCount"/> less 1: within one launch no
    /// two threads share a participant, so it may choose scratch memory.
    /// </param>
    /// <exception cref="OperationCanceledException">The running cell was interrupted; checked before every block.</exception>
    public static void For(int blockCount, Action<int, int> body)
    {
        var participants = Math.Min(ThreadCount, blockCount);
        if (participants <= 1 || isInsideBlock)
        {
            RunHere(blockCount, body);
            return;
        }

        var launch = new Launch(blockCount, body, participants);
        var helpers = EnsureThreads(participants - 1);
        Publish(launch);
        try
        {
            for (var i = 0; i < participants - 1; i++)
            {
                helpers[i].Wake();
            }

            isInsideBlock = true;
            launch.Work(participant: 0);
        }
        finally
        {
            isInsideBlock = false;
            launch.AwaitHelpers();
            Withdraw(launch);
        }

        launch.RethrowFailure();
    }

    /// <summary>The launch that <paramref name="worker"/> can help with now, if any.</summary>
    internal static Launch? FindWork(int worker)
    {
        foreach (var launch in Volatile.Read(ref launches))
        {
            if (worker < launch.Participants && launch.HasUnclaimedBlocks)
            {
                return launch;
            }
        }

        return null;
    }

    /// <summary>Marks the calling thread, one of the workers, as being inside a block for good.</summary>
    internal static void EnterWorkerThread() => isInsideBlock = true;

    private static void RunHere(int blockCount, Action<int, int> body)
    {
        var wasInside = isInsideBlock;
        isInsideBlock = true;
        try
        {
            for (var block = 0; block < blockCount; block++)
            {
                Interruption.Check();
                body(block, 0);
            }
        }
        finally
        {
            isInsideBlock = wasInside;
        }
    }

    private static WorkerThread[] EnsureThreads(int count)
    {
        var present = Volatile.Read(ref threads);
        return present.Length >= count ? present : Grow(count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WorkerThread[] Grow(int count)
    {
        lock (growth)
        {
            var grown = threads;
            if (grown.Length < count)
            {
                grown = [.. grown, .. Enumerable.Range(grown.Length + 1, count - grown.Length).Select(i => new WorkerThread(i))];
                Volatile.Write(ref threads, grown);
            }

            return grown;
        }
    }

    // Copy on write rather than a lock: a lock's wait could be ended by Thread.Interrupt and lose the launch.
    private static void Publish(Launch launch)
    {
        Launch[] before;
        do
        {
            before = Volatile.Read(ref launches);
        }
        while (Interlocked.CompareExchange(ref launches, [.. before, launch], before) != before);
    }

    private static void Withdraw(Launch launch)
    {
        Launch[] before, after;
        do
        {
            before = Volatile.Read(ref launches);
            after = before.Length == 1 ? [] : Array.FindAll(before, other => other != launch);
        }
        while (Interlocked.CompareExchange(ref launches, after, before) != before);
    }

    private static int DefaultThreadCount() =>
        int.TryParse(Environment.GetEnvironmentVariable(ThreadCountVariable), out var count)
            ? Math.Clamp(count, 1, MaximumThreadCount)
            : Math.Clamp(Environment.ProcessorCount, 1, MaximumThreadCount);
}
