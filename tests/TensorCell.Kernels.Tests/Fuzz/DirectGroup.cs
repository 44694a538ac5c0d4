namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>
/// A <see cref="Group"/> for methods that are called, not compiled. Each item has a thread of its own, but one runs at a time: every item in
/// turn comes to its next barrier, or to its end.
/// </summary>
public sealed class DirectGroup
{
    private readonly List<object> shared;
    private readonly SemaphoreSlim mayRun = new(0);
    private readonly SemaphoreSlim hasStopped = new(0);
    private int declared;
    private bool hasEnded;
    private Exception? failure;

    private DirectGroup(Index3 local, Index3 index, Index3 size, Index3 count, List<object> shared)
    {
        (Local, Index, Size, Count, this.shared) = (local, index, size, count, shared);
        Global = new((index.Z * size.Z) + local.Z, (index.Y * size.Y) + local.Y, (index.X * size.X) + local.X);
    }

    /// <inheritdoc cref="Group.Local"/>
    public Index3 Local { get; }

    /// <inheritdoc cref="Group.Global"/>
    public Index3 Global { get; }

    /// <inheritdoc cref="Group.Index"/>
    public Index3 Index { get; }

    /// <inheritdoc cref="Group.Size"/>
    public Index3 Size { get; }

    /// <inheritdoc cref="Group.Count"/>
    public Index3 Count { get; }

    /// <summary>Runs the items of a group.</summary>
    /// <param name="index">The group's index.</param>
    /// <param name="size">How many items a group has along each axis.</param>
    /// <param name="count">How many groups there are along each axis.</param>
    /// <param name="run">What each item runs.</param>
    /// <returns>The first failure of those items that failed; it ended them alone.</returns>
    public static Exception? Run(Index3 index, Index3 size, Index3 count, Action<DirectGroup> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var shared = new List<object>();
        var items = new List<DirectGroup>();
        for (var i = 0; i < size.Z * size.Y * size.X; i++)
        {
            var item = new DirectGroup(new(i / size.X / size.Y, i / size.X % size.Y, i % size.X), index, size, count, shared);
            items.Add(item);
            new Thread(() => item.Run(run), 1 << 20) { IsBackground = true }.Start();
        }

        var running = items.ToList();
        while (running.Count > 0)
        {
            running.RemoveAll(item =>
            {
                item.mayRun.Release();
                item.hasStopped.Wait();
                return item.hasEnded;
            });
        }

        return items.Find(item => item.failure is not null)?.failure;
    }

    /// <inheritdoc cref="Group.Barrier"/>
    public void Barrier()
    {
        hasStopped.Release();
        mayRun.Wait();
    }

    /// <inheritdoc cref="Group.Shared{T}(int)"/>
    public View<T> Shared<T>(int length)
        where T : unmanaged => (T[])Declared(() => new T[length]);

    /// <inheritdoc cref="Group.Shared{T}(int, int)"/>
    public View2<T> Shared<T>(int rows, int columns)
        where T : unmanaged => (T[,])Declared(() => new T[rows, columns]);

    private object Declared(Func<object> create)
    {
        if (declared == shared.Count)
        {
            shared.Add(create());
        }

        return shared[declared++];
    }

    private void Run(Action<DirectGroup> run)
    {
        mayRun.Wait();
        try
        {
            run(this);
        }
        catch (Exception error)
        {
            failure = error;
        }

        hasEnded = true;
        hasStopped.Release();
    }
}
