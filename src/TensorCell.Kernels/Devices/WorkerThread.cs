using System.Diagnostics;

namespace TensorCell.Kernels;

/// <summary>One of the engine's threads: helps with launches, spins briefly for the next, then parks.</summary>
internal sealed class WorkerThread
{
    private const int Awake = 0;
    private const int Parked = 1;

    // About the pause between two operations of a busy cell; waking a parked thread costs as much again.
    private static readonly long spinTicks = Stopwatch.Frequency / 10_000;
    private readonly SemaphoreSlim wake = new(0);
    private readonly int index;
    private int state;
    private int systemThread;

    /// <summary>Starts the thread.</summary>
    /// <param name="index">From 1: participant 0 of every launch is its caller.</param>
    public WorkerThread(int index)
    {
        this.index = index;
        var thread = new Thread(Run) { IsBackground = true, Name = $"TensorCell worker {index}" };
        thread.UnsafeStart();
    }

    /// <summary>Unparks the thread, after a launch has been published; costs one read when it is awake.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref state) == Parked && Interlocked.CompareExchange(ref state, Awake, Parked) == Parked)
        {
            ThreadPlacement.KeepAway(Volatile.Read(ref systemThread));
            wake.Release();
        }
    }

    private void Run()
    {
        Volatile.Write(ref systemThread, ThreadPlacement.CurrentThread);
        Workers.EnterWorkerThread();
        while (true)
        {
            if (SpinForWork() is { } launch)
            {
                launch.Help(index);
            }
            else
            {
                Park();
            }
        }
    }

    private Launch? SpinForWork()
    {
        var deadline = Stopwatch.GetTimestamp() + spinTicks;
        do
        {
            for (var i = 0; i < 16; i++)
            {
                if (Workers.FindWork(index) is { } launch)
                {
                    return launch;
                }

                Thread.SpinWait(4);
            }
        }
        while (Stopwatch.GetTimestamp() < deadline);
        return null;
    }

    private void Park()
    {
        Interlocked.Exchange(ref state, Parked);

        // A launch published before the exchange saw this thread awake and did not wake it, so look once more.
        if (Workers.FindWork(index) is not null && Interlocked.CompareExchange(ref state, Awake, Parked) == Parked)
        {
            return;
        }

        wake.Wait();

        // Placed for the start only: where the system moves the waker here later, this thread must be able to go.
        ThreadPlacement.Free();
    }
}
