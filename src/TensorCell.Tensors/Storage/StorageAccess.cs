using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>
/// Keeps a thread that writes in place apart from those that read: any number compute and copy at once, or one writes. Nobody who waits holds
/// anything that others wait for, and what a thread does inside its own access never waits, so none waits for ever.
/// </summary>
internal readonly struct StorageAccess : IDisposable
{
    private const int SpinsBeforeSleep = 64;

    private static int readers;
    private static int writers;

    [ThreadStatic]
    private static int depth;

    [ThreadStatic]
    private static bool isExclusive;

    private readonly Kind kind;

    private StorageAccess(Kind kind) => this.kind = kind;

    private enum Kind
    {
        Inner,
        Read,
        Write,
    }

    /// <summary>Whether the thread has access already, so that it must not wait for anyone.</summary>
    public static bool IsHeld => depth > 0 || Workers.IsInsideBlock;

    /// <summary>Whether the thread may write over what others have read or will read.</summary>
    public static bool IsExclusive => isExclusive;

    /// <summary>Until it is disposed, nobody else writes in place.</summary>
    public static StorageAccess Read()
    {
        if (IsHeld)
        {
            return Inner();
        }

        while (true)
        {
            Interlocked.Increment(ref readers);
            if (Volatile.Read(ref writers) == 0)
            {
                depth++;
                return new StorageAccess(Kind.Read);
            }

            Interlocked.Decrement(ref readers);
            WaitWhile(static () => Volatile.Read(ref writers) != 0);
        }
    }

    /// <summary>Until it is disposed, nobody else computes, copies or writes in place.</summary>
    public static StorageAccess Write()
    {
        if (IsHeld)
        {
            return Inner();
        }

        WaitWhile(static () => Interlocked.CompareExchange(ref writers, 1, 0) != 0);
        WaitWhile(static () => Volatile.Read(ref readers) != 0);
        depth++;
        isExclusive = true;
        return new StorageAccess(Kind.Write);
    }

    /// <summary>Returns when the condition has ended. A <see cref="Thread.Interrupt"/> does not end the wait, but the next one.</summary>
    public static void WaitWhile(Func<bool> condition)
    {
        bool isInterrupted = false;
        try
        {
            for (int turn = 0; condition(); turn++)
            {
                isInterrupted |= !TryPause(turn);
            }
        }
        finally
        {
            if (isInterrupted)
            {
                Thread.CurrentThread.Interrupt();
            }
        }
    }

    /// <summary>Lets others go on.</summary>
    public void Dispose()
    {
        depth--;
        switch (kind)
        {
            case Kind.Read:
                Interlocked.Decrement(ref readers);
                break;
            case Kind.Write:
                isExclusive = false;
                Volatile.Write(ref writers, 0);
                break;
        }
    }

    /// <returns>Whether the thread was not interrupted.</returns>
    private static bool TryPause(int turn)
    {
        if (turn < SpinsBeforeSleep)
        {
            Thread.SpinWait(turn);
            return true;
        }

        try
        {
            Thread.Sleep(turn & 1);
            return true;
        }
        catch (ThreadInterruptedException)
        {
            return false;
        }
    }

    private static StorageAccess Inner()
    {
        depth++;
        return new StorageAccess(Kind.Inner);
    }
}
