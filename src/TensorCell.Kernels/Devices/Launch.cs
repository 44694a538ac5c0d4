using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace TensorCell.Kernels;

/// <summary>
/// One parallel loop in flight. Its blocks are cut into one part for each processor, so that a loop finds what the loop before it left in that
/// processor's caches; whoever is done with a part takes over blocks of others from their ends.
/// </summary>
internal sealed class Launch(int blockCount, Action<int, int> body, int participants)
{
    private static readonly long spinTicks = Stopwatch.Frequency / 20_000;
    private readonly ExecutionContext? context = ExecutionContext.Capture();
    private readonly LaunchPart[] parts = LaunchPart.Of(blockCount, participants);
    private int helpersInside;
    private bool isCallerParked;
    private ExceptionDispatchInfo? failure;

    /// <summary>How many threads may take part, the caller included.</summary>
    public int Participants => participants;

    /// <summary>Whether there is a block that nobody has begun.</summary>
    public bool HasUnclaimedBlocks
    {
        get
        {
            foreach (ref var part in parts.AsSpan())
            {
                if (part.HasBlocks)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Runs blocks until none is left; a failure is kept for the caller and ends the loop for all.</summary>
    public void Work(int participant)
    {
        try
        {
            var own = ChoosePart();
            for (var i = 0; i < parts.Length; i++)
            {
                ref var part = ref parts[(own + i) % parts.Length];
                while (i == 0 ? part.TryTakeFirst(out var block) : part.TryTakeLast(out block))
                {
                    Interruption.Check();
                    body(block, participant);
                }
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            Abandon();
        }
    }

    /// <summary>Takes part as a worker, in the caller's execution context, which carries the interruption token.</summary>
    public void Help(int participant)
    {
        Interlocked.Increment(ref helpersInside);
        if (context is null)
        {
            Work(participant);
        }
        else
        {
            ExecutionContext.Run(context, static state => ((Helper)state!).Work(), new Helper(this, participant));
        }

        if (Interlocked.Decrement(ref helpersInside) == 0 && Volatile.Read(ref isCallerParked))
        {
            lock (this)
            {
                Monitor.PulseAll(this);
            }
        }
    }

    /// <summary>
    /// Returns when no worker is inside a block, for the blocks use the caller's memory. A <see cref="Thread.Interrupt"/> drops the
    /// blocks that nobody has begun and is thrown by <see cref="RethrowFailure"/>, after the others are done.
    /// </summary>
    public void AwaitHelpers()
    {
        var deadline = Stopwatch.GetTimestamp() + spinTicks;
        while (Volatile.Read(ref helpersInside) != 0)
        {
            if (Stopwatch.GetTimestamp() < deadline)
            {
                Thread.SpinWait(8);
                continue;
            }

            try
            {
                Park();
            }
            catch (ThreadInterruptedException interrupt)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(interrupt), null);
                Abandon();
            }
        }
    }

    /// <summary>Throws the first failure of a block, as it was thrown.</summary>
    public void RethrowFailure() => failure?.Throw();

    /// <summary>The part of the processor that the calling thread runs on, or else one that nobody has begun, if there is any.</summary>
    private int ChoosePart()
    {
        var home = ThreadPlacement.Share(parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            var part = (home + i) % parts.Length;
            if (parts[part].TryOwn())
            {
                return part;
            }
        }

        return home;
    }

    private void Park()
    {
        lock (this)
        {
            Volatile.Write(ref isCallerParked, true);
            Interlocked.MemoryBarrier();
            while (Volatile.Read(ref helpersInside) != 0)
            {
                Monitor.Wait(this);
            }
        }
    }

    /// <summary>
    /// Ends the loop. Exchanges, not plain writes: the caller's look at the helpers inside must not overtake them, or one of them could
    /// still claim a block, unseen, and run it on memory that the caller has given back.
    /// </summary>
    private void Abandon()
    {
        foreach (ref var part in parts.AsSpan())
        {
            part.Abandon();
        }
    }

    private sealed class Helper(Launch launch, int participant)
    {
        public void Work() => launch.Work(participant);
    }
}
