using System.Runtime.CompilerServices;

namespace TensorCell.Kernels;

/// <summary>
/// The ambient cancellation of the running cell. The host opens a scope around a cell; loops woven into the cell, and the
/// engine between blocks of work, call <see cref="Check"/>, which costs one volatile read while nothing is interrupted.
/// </summary>
public static class Interruption
{
    private static readonly AsyncLocal<CancellationToken> current = new();
    private static readonly AsyncLocal<Scope?> innermost = new();
    private static int interruptedScopes;

    private const nuint MostAsyncStack = 1 << 20;

    /// <summary>Half of what the runtime finds sufficient: as much is left when it is asked again.</summary>
    private const nuint SufficientStack = 1 << 16;

    /// <summary>The complement of the lowest address that this thread's stack is known to suffice at; so 0 means nothing is known.</summary>
    [ThreadStatic]
    private static nuint sufficientDownTo;

    /// <summary>Where the stack of a thread that opened a scope began, or 0.</summary>
    [ThreadStatic]
    private static nuint stackBase;

    /// <summary>The token of the scope this thread of control runs in; never cancelled outside a scope.</summary>
    public static CancellationToken Token => current.Value;

    /// <summary>Whether any scope in the process is interrupted and not yet left, so that <see cref="Check"/> must look.</summary>
    public static bool IsPending
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref interruptedScopes) != 0;
    }

    /// <summary>Throws when the scope that the caller runs in has been interrupted.</summary>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check()
    {
        if (Volatile.Read(ref interruptedScopes) != 0)
        {
            current.Value.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// <see cref="Check"/> at the entry of a function that calls others; also turns runaway recursion into an exception while there
    /// is still stack to handle it on.
    /// </summary>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    /// <exception cref="InsufficientExecutionStackException">Little stack is left.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [SkipLocalsInit]
    public static unsafe void Enter()
    {
        Check();
        byte here;
        if ((nuint)(&here) < ~sufficientDownTo)
        {
            Descend((nuint)(&here));
        }
    }

    /// <summary>
    /// <see cref="Enter"/> for an asynchronous function, which may go less deep: the runtime takes time quadratic in the depth to
    /// hand an exception from caller to caller.
    /// </summary>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    /// <exception cref="InsufficientExecutionStackException">The calls went too deep.</exception>
    public static unsafe void EnterAsync()
    {
        Enter();
        byte here;

        // A thread may be above where it opened a scope, when it has returned from there and does other work.
        if (stackBase > (nuint)(&here) && stackBase - (nuint)(&here) > MostAsyncStack)
        {
            throw new InsufficientExecutionStackException();
        }
    }

    /// <summary>Asks the runtime, which takes a few nanoseconds, and remembers for how much further down the answer holds.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Descend(nuint here)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        sufficientDownTo = ~(here - SufficientStack);
    }

    /// <summary>
    /// Lets what follows on this thread finish, such as a step of training that must not be torn: until the result is disposed, on the same
    /// thread, <see cref="Check"/> and <see cref="Token"/> know of no interruption, and the host breaks no wait. It is for what takes moments.
    /// </summary>
    /// <exception cref="OperationCanceledException">The running cell was interrupted already.</exception>
    public static Deferral Defer()
    {
        Check();
        return new Deferral(innermost.Value);
    }

    /// <summary>Opens a scope on the calling thread of control, to be disposed when the cell has really ended.</summary>
    /// <param name="token">Cancelled to interrupt whatever runs in the scope, on whichever thread it flowed to.</param>
    public static Scope Begin(CancellationToken token) => new(token);

    /// <summary>One running cell, for <see cref="Begin"/>.</summary>
    public sealed class Scope : IDisposable
    {
        private readonly CancellationToken previous;
        private readonly Scope? outer;
        private readonly CancellationTokenRegistration registration;
        private readonly Lock gate = new();
        private int deferrals;
        private int state;

        internal unsafe Scope(CancellationToken token)
        {
            byte here;
            stackBase = (nuint)(&here);
            previous = current.Value;
            outer = innermost.Value;
            current.Value = token;
            innermost.Value = this;
            registration = token.Register(Notice);
        }

        /// <summary>Whether something in the scope is at work that is to finish first; see <see cref="Defer"/>.</summary>
        public bool IsDeferred
        {
            get
            {
                lock (gate)
                {
                    return deferrals > 0;
                }
            }
        }

        /// <summary>Breaks waits of the scope's threads, unless something in it is to finish first; nothing can begin to defer meanwhile.</summary>
        /// <returns>Whether it was done.</returns>
        public bool UnlessDeferred(Action interrupt)
        {
            ArgumentNullException.ThrowIfNull(interrupt);
            lock (gate)
            {
                if (deferrals > 0)
                {
                    return false;
                }

                interrupt();
                return true;
            }
        }

        /// <summary>
        /// Has <see cref="Check"/> look at the token from now on. Happens by itself when the token is cancelled; a host that cannot
        /// wait for the other callbacks of its token calls it too.
        /// </summary>
        public void Notice()
        {
            if (Interlocked.CompareExchange(ref state, 1, 0) == 0)
            {
                Interlocked.Increment(ref interruptedScopes);
            }
        }

        /// <summary>Leaves the scope; the interruption no longer costs others a look.</summary>
        public void Dispose()
        {
            registration.Dispose();
            if (Interlocked.Exchange(ref state, 2) == 1)
            {
                Interlocked.Decrement(ref interruptedScopes);
            }

            current.Value = previous;
            innermost.Value = outer;
        }

        internal void CountDeferral(int change)
        {
            lock (gate)
            {
                deferrals += change;
            }
        }
    }

    /// <summary>A stretch of work that is not interrupted, for <see cref="Defer"/>.</summary>
    public sealed class Deferral : IDisposable
    {
        private readonly CancellationToken token = current.Value;
        private readonly Scope? scope;
        private bool isOpen = true;

        internal Deferral(Scope? scope)
        {
            this.scope = scope;
            scope?.CountDeferral(1);
            try
            {
                // Takes back what broke a wait just before: from here on nothing does.
                Thread.CurrentThread.Join(0);
            }
            catch (ThreadInterruptedException)
            {
                scope?.CountDeferral(-1);
                token.ThrowIfCancellationRequested();
                throw;
            }

            current.Value = CancellationToken.None;
        }

        /// <summary>Whether an interruption waits for the end of this.</summary>
        public bool IsInterrupted => token.IsCancellationRequested;

        /// <summary>Ends the deferral; the next <see cref="Check"/> throws if there was an interruption.</summary>
        public void Dispose()
        {
            if (isOpen)
            {
                isOpen = false;
                current.Value = token;
                scope?.CountDeferral(-1);
            }
        }
    }
}
