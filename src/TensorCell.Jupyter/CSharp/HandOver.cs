using System.Collections.Concurrent;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Hands values from the host to a cell that is compiled to take them. Called by such cells.</summary>
public static class HandOver
{
    private static readonly ConcurrentDictionary<int, object?> values = new();
    private static int tickets;

    /// <summary>Keeps a value until it is taken.</summary>
    /// <returns>The ticket to take it with.</returns>
    public static int Put(object? value)
    {
        int ticket = Interlocked.Increment(ref tickets);
        values[ticket] = value;
        return ticket;
    }

    /// <summary>Takes a value, once.</summary>
    public static object? Take(int ticket) => values.TryRemove(ticket, out object? value) ? value : null;
}
