using System.Diagnostics;
using System.Runtime.CompilerServices;
using TensorCell.Jupyter.CSharp;
using TensorCell.Kernels;

namespace TensorCell.Jupyter.Sessions;

/// <summary>
/// One running cell: the thread it began on, the threads its work is on now, its output, and the means to interrupt it. Work
/// flows to other threads with its execution context, and so the run knows them.
/// </summary>
internal sealed class CellRun
{
    /// <summary>Enough for half a million small calls; the trace of a deeper recursion takes seconds to unwind.</summary>
    private const int StackBytes = 16 << 20;

    /// <summary>How often what can be told of a full heap is tried to tell, at intervals of <see cref="betweenLooks"/>.</summary>
    private const int AttemptsToTell = 25;

    private const string Notice =
        "The cell did not react to the interrupt within 2 s. Its thread was left behind: it may go on using processor and memory "
        + "until the call it is in returns. The notebook and its variables stay; restart the kernel to end it for good.\n";

    private static readonly TimeSpan beforeThreadInterrupt = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan betweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan beforeIdleAnswer = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan beforeAbandonment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan beforeAbandonmentOfDeferred = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan betweenLooksAtDeferral = TimeSpan.FromMilliseconds(2);
    private static readonly AsyncLocal<CellRun?> current = new(OnContextChange);
    private static readonly ConditionalWeakTable<SubmissionLoader, CellRun> latestOfSessions = [];

    [ThreadStatic]
    private static CellRun? lastOnThread;

    private static CellRun? latest;

    private readonly CancellationTokenSource cancellation = new();
    private readonly TaskCompletionSource<CellOutcome> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly Dictionary<Thread, bool> threads = [];
    private Interruption.Scope? scope;
    private int uninterruptible;
    private int interrupted;
    private bool isCancelling;
    private int mutes;

    /// <summary>A run whose output goes to <paramref name="output"/>.</summary>
    /// <param name="output">Where its output goes.</param>
    /// <param name="session">Where the compiled cells of its session live.</param>
    public CellRun(CellWriter output, SubmissionLoader session)
    {
        Output = output;
        latest = this;
        latestOfSessions.AddOrUpdate(session, this);
    }

    /// <summary>The run that the calling code belongs to.</summary>
    public static CellRun? Current => current.Value;

    /// <summary>The run that began last in this process.</summary>
    public static CellRun? Latest => Volatile.Read(ref latest);

    /// <summary>The run that began last in the session whose cell code an exception came from; null when it came from none.</summary>
    public static CellRun? LatestBehind(Exception exception) =>
        CellStackTrace.SessionOf(exception) is { } session && latestOfSessions.TryGetValue(session, out CellRun? run) ? run : null;

    /// <summary>The run that last had work on the calling thread, also after its context was left.</summary>
    public static CellRun? LastOnThread => lastOnThread;

    /// <summary>Where its output goes.</summary>
    public CellWriter Output { get; }

    /// <summary>Cancelled when it is interrupted.</summary>
    public CancellationToken Token => cancellation.Token;

    /// <summary>How it ended, or that it was abandoned.</summary>
    public Task<CellOutcome> Completion => completion.Task;

    /// <summary>What its user typed that its code has not read yet.</summary>
    public string UnreadInput { get; set; } = "";

    /// <summary>Whether it was interrupted because memory ran out.</summary>
    public bool IsOutOfMemory { get; private set; }

    /// <summary>Whether it was given up while it went on.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Whether what its code prints and displays is dropped.</summary>
    public bool IsMuted => Volatile.Read(ref mutes) > 0;

    /// <summary>Drops what its code prints and displays, until the result is disposed.</summary>
    public IDisposable Mute() => new Muting(this);

    /// <summary>Runs work on a thread of its own with a large stack.</summary>
    public void Start(Func<Task<CellOutcome>> work)
    {
        var thread = new Thread(() => Run(work), StackBytes) { IsBackground = true, Name = "cell" };
        thread.UnsafeStart();
    }

    /// <summary>
    /// Interrupts it: woven checks and waits throw; should it yield to neither within two seconds, it is abandoned. Returns at once.
    /// </summary>
    public void Interrupt()
    {
        if (Interlocked.Exchange(ref interrupted, 1) == 0)
        {
            bool isStarted = false;
            try
            {
                new Thread(EnforceInterrupt) { IsBackground = true, Name = "cell interrupt" }.UnsafeStart();
                isStarted = true;
            }
            finally
            {
                // Where there was no memory for the thread, the next who interrupts tries again.
                Volatile.Write(ref interrupted, isStarted ? 1 : 0);
            }
        }
    }

    /// <summary>Interrupts it because memory runs out.</summary>
    public void InterruptForMemory()
    {
        IsOutOfMemory = true;
        try
        {
            Interrupt();
        }
        catch
        {
            // It goes on, and what ends it may be something else.
            IsOutOfMemory = false;
            throw;
        }
    }

    /// <summary>Runs code of the host that no thread interrupt may tear: it obeys the token instead.</summary>
    public T Uninterruptibly<T>(Func<T> code)
    {
        using (Defer())
        {
            return code();
        }
    }

    /// <summary>Lets what follows finish, its waits unbroken, until the result is disposed.</summary>
    public IDisposable Defer() => new Deferral(this);

    private static void OnContextChange(AsyncLocalValueChangedArgs<CellRun?> change)
    {
        if (change.PreviousValue == change.CurrentValue)
        {
            return;
        }

        change.PreviousValue?.Leave();
        change.CurrentValue?.Enter();
        lastOnThread = change.CurrentValue ?? lastOnThread;
    }

    /// <summary>Takes back an interrupt that came too late, before it hits whatever the thread does next.</summary>
    private static void SwallowInterrupt()
    {
        try
        {
            Thread.CurrentThread.Join(0);
        }
        catch (ThreadInterruptedException)
        {
            // Taken back: there is nothing to tell.
            return;
        }
    }

    private void Run(Func<Task<CellOutcome>> work)
    {
        current.Value = this;
        scope = Interruption.Begin(Token);
        Task<CellOutcome> outcome;
        try
        {
            outcome = work();
        }
        catch (Exception exception)
        {
            outcome = Task.FromException<CellOutcome>(exception);
        }

        // On this thread when the work is done: waking another one would delay the answer.
        current.Value = null;
        outcome.ContinueWith(End, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void End(Task<CellOutcome> work)
    {
        if (Volatile.Read(ref interrupted) == 1 && scope!.IsDeferred)
        {
            new Thread(() => EndAfterDeferral(work)) { IsBackground = true, Name = "cell end" }.UnsafeStart();
        }
        else
        {
            Complete(work);
        }
    }

    /// <summary>Nobody waits any more for what is to finish, a step of training say; the next cell must not see it half done.</summary>
    private void EndAfterDeferral(Task<CellOutcome> work)
    {
        var clock = Stopwatch.StartNew();
        while (scope!.IsDeferred && clock.Elapsed < beforeAbandonmentOfDeferred)
        {
            Thread.Sleep(betweenLooksAtDeferral);
        }

        Complete(work);
    }

    private void Complete(Task<CellOutcome> work)
    {
        completion.TrySetResult(work.IsCompletedSuccessfully
            ? work.Result
            : new CellOutcome(new CellError("InternalError", work.Exception?.InnerException?.ToString() ?? "cancelled", [])));
        scope!.Dispose();
    }

    private void EnforceInterrupt()
    {
        while (!completion.Task.IsCompleted)
        {
            try
            {
                Enforce();
            }
            catch (OutOfMemoryException)
            {
                // The cell is filling the heap. Either it stops now, for want of memory too, or there is memory at the next attempt.
                Thread.Sleep(betweenLooks);
            }
        }
    }

    private void Enforce()
    {
        if (!isCancelling)
        {
            // What users registered on the token may block, so it runs on a thread of its own.
            new Thread(Cancel) { IsBackground = true, Name = "cell cancellation" }.UnsafeStart();
            isCancelling = true;
        }

        scope?.Notice();
        var clock = Stopwatch.StartNew();
        TimeSpan finishing = TimeSpan.Zero;
        while (!completion.Task.Wait(betweenLooks))
        {
            if (scope is { IsDeferred: true } && clock.Elapsed < beforeAbandonmentOfDeferred)
            {
                // Once what it is at is finished, it has as long to react as any other.
                finishing = clock.Elapsed;
            }

            if (clock.Elapsed - finishing >= beforeAbandonment)
            {
                Abandon();
            }
            else if (clock.Elapsed >= beforeThreadInterrupt && !InterruptThreads() && clock.Elapsed >= beforeIdleAnswer)
            {
                // Nothing runs: the cell awaits what may never come, and wakes interrupted should it come yet.
                IsAbandoned = true;
                completion.TrySetResult(OutcomeOfInterrupt());
                scope!.Dispose();
            }
        }
    }

    private void Cancel()
    {
        try
        {
            try
            {
                cancellation.Cancel();
            }
            catch (AggregateException exception)
            {
                // Also want of memory, where it was a callback that met it; then there may be none to tell of it either.
                Output.Stream("stderr", $"While the cell was interrupted: {exception.InnerException?.Message}\n");
            }
        }
        catch (OutOfMemoryException)
        {
            // The token is cancelled all the same; who registered on it and was not reached looks at it, or is interrupted as a thread.
            return;
        }
    }

    private void Abandon()
    {
        IsAbandoned = true;
        try
        {
            Output.Stream("stderr", Notice);
        }
        finally
        {
            // With a full heap there may be no memory for the notice; the cell is answered all the same.
            completion.TrySetResult(OutcomeOfInterrupt());
        }
    }

    private CellOutcome OutcomeOfInterrupt()
    {
        if (!IsOutOfMemory)
        {
            return CellOutcome.Interrupted;
        }

        // A cell that does not end cannot give up itself what was set aside. It may take that too, before its own allocations end it.
        MemoryGuard.Release();
        for (int attempt = 0; attempt < AttemptsToTell; attempt++)
        {
            try
            {
                return CellErrors.Of(new OutOfMemoryException(), isInterrupted: false);
            }
            catch (OutOfMemoryException)
            {
                Thread.Sleep(betweenLooks);
            }
        }

        return CellOutcome.OutOfMemory;
    }

    /// <summary>Wakes the cell's threads from their waits.</summary>
    /// <returns>Whether it has any thread, or is at something that is to finish.</returns>
    private bool InterruptThreads()
    {
        lock (gate)
        {
            bool isDone = uninterruptible == 0 && (scope?.UnlessDeferred(InterruptEach) ?? true);
            return !isDone || threads.Count > 0;
        }
    }

    private void InterruptEach()
    {
        foreach (Thread thread in threads.Keys.ToArray())
        {
            threads[thread] = true;
            thread.Interrupt();
        }
    }

    private void Enter()
    {
        lock (gate)
        {
            threads[Thread.CurrentThread] = IsAbandoned;
        }

        if (IsAbandoned)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    private void Leave()
    {
        bool wasInterrupted;
        lock (gate)
        {
            threads.Remove(Thread.CurrentThread, out wasInterrupted);
        }

        if (wasInterrupted)
        {
            SwallowInterrupt();
        }
    }

    private sealed class Deferral : IDisposable
    {
        private CellRun? run;

        public Deferral(CellRun run)
        {
            this.run = run;
            lock (run.gate)
            {
                run.uninterruptible++;
            }

            SwallowInterrupt();
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref run, null) is { } deferred)
            {
                lock (deferred.gate)
                {
                    deferred.uninterruptible--;
                }
            }
        }
    }

    private sealed class Muting : IDisposable
    {
        private CellRun? run;

        public Muting(CellRun run)
        {
            this.run = run;
            Interlocked.Increment(ref run.mutes);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref run, null) is { } muted)
            {
                Interlocked.Decrement(ref muted.mutes);
            }
        }
    }
}
