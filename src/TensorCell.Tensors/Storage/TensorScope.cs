using TensorCell.Tensors.Graph;

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
    private readonly List<Value>? pending;
    private HashSet<Storage>? storages = [];

    internal TensorScope(bool endsPending)
    {
        pending = endsPending ? [] : null;
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

    /// <summary>
    /// Gives up what was made in this scope and is still pending, if the scope was opened to end pending tensors: what they would have read can
    /// then be written in place without a copy for them. Reading one of them is an error.
    /// </summary>
    public void EndPending()
    {
        if (pending is null)
        {
            return;
        }

        lock (gate)
        {
            foreach (Value value in pending)
            {
                value.Abandon();
            }

            pending.Clear();
        }
    }

    /// <summary>Returns the memory to the pool. Tensors that lived in it are disposed.</summary>
    public void Dispose()
    {
        EndPending();
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

    /// <summary>Lets a storage outlive the scopes that are open, except those that own the one whose elements it replaces.</summary>
    internal static void Replace(Storage before, Storage storage)
    {
        for (TensorScope? scope = Current; scope is not null; scope = scope.outer)
        {
            lock (scope.gate)
            {
                scope.storages?.Remove(storage);
                if (scope.storages?.Contains(before) == true)
                {
                    scope.storages.Add(storage);
                }
            }
        }
    }

    internal void Add(Value value)
    {
        if (pending is null)
        {
            outer?.Add(value);
            return;
        }

        lock (gate)
        {
            pending.Add(value);
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
