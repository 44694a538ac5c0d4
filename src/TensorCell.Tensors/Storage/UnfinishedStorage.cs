namespace TensorCell.Tensors;

/// <summary>What a thread allocates for results that it is computing, so that it goes back to the pool at once if they fail.</summary>
internal sealed class UnfinishedStorage : IDisposable
{
    [ThreadStatic]
    private static UnfinishedStorage? current;

    private readonly UnfinishedStorage? outer = current;
    private List<Storage>? allocated;

    private UnfinishedStorage()
    {
    }

    /// <summary>Begins to remember what this thread allocates.</summary>
    public static UnfinishedStorage Begin() => current = new UnfinishedStorage();

    /// <summary>Remembers a storage, if something is being computed.</summary>
    public static void Add(Storage storage)
    {
        if (current is { } unfinished)
        {
            (unfinished.allocated ??= []).Add(storage);
        }
    }

    /// <summary>All is computed.</summary>
    public void Finish() => allocated = null;

    /// <summary>Returns what was allocated and no value holds, unless all is computed.</summary>
    public void Dispose()
    {
        current = outer;
        foreach (Storage storage in allocated ?? [])
        {
            if (!storage.IsHeld)
            {
                storage.Dispose();
            }
        }
    }
}
