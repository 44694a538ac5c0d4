namespace TensorCell.Kernels;

/// <summary>Calls back after full garbage collections, by an object whose finalizer revives it.</summary>
internal sealed class CollectionWatcher
{
    private readonly Action callback;
    private int collections = GC.CollectionCount(GC.MaxGeneration);

    private CollectionWatcher(Action callback) => this.callback = callback;

    ~CollectionWatcher()
    {
        var now = GC.CollectionCount(GC.MaxGeneration);
        if (now != collections)
        {
            collections = now;
            callback();
        }

        if (!Environment.HasShutdownStarted)
        {
            GC.ReRegisterForFinalize(this);
        }
    }

    /// <summary>Watches for as long as the process lives.</summary>
    public static void Start(Action callback) => _ = new CollectionWatcher(callback);
}
