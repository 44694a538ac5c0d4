namespace TensorCell.Tensors;

/// <summary>
/// Returns the memory of the tensors computed inside it to the pool when it is disposed, except those that were kept. Opened by
/// <see cref="Tensor.Scope"/> on one thread of control; scopes nest.
/// </summary>
public sealed class TensorScope : IDisposable
{
    private static readonly AsyncLocal<TensorScope?> current = new();
    private static int openScopes;

    private readonly TensorScope? outer;
    private readonly Lock gate = new();
    private HashSet<Storage>? storages = [];

    internal TensorScope()
    {
        outer = current.Value;
        current.Value = this;
        Interlocked.Increment(ref openScopes);
    }

    internal static TensorScope? Current => Volatile.Read(ref openScopes) == 0 ? null : current.Value;

    /// <summary>Computes a tensor, if it is pending, and lets it outlive this scope; an outer scope owns it then.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Storage storage = tensor.Realize().Storage;
        lock (gate)
        {
            if (storages?.Remove(storage) == true)
            {
                outer?.Add(storage);
            }
        }

        return tensor;
    }

    /// <summary>Returns the memory to the pool. Tensors that lived in it are disposed.</summary>
    public void Dispose()
    {
        HashSet<Storage>? owned;
        lock (gate)
        {
            owned = storages;
            storages = null;
        }

        if (owned is null)
        {
            return;
        }

        Interlocked.Decrement(ref openScopes);
        current.Value = outer;
        foreach (Storage storage in owned)
        {
            storage.Dispose();
        }
    }

    internal void Add(Storage storage)
    {
        lock (gate)
        {
            storages?.Add(storage);
        }
    }
}
