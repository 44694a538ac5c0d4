using System.Diagnostics;
using TensorCell.Kernels;

namespace TensorCell.Jupyter.Sessions;

/// <summary>
/// Hands output to its destination on a thread of its own, in order, so that no interrupt of a cell can tear a message. Text
/// written in quick succession goes out in one piece.
/// </summary>
internal sealed class OutputPump : IDisposable
{
    private const int MostCharacters = 1 << 20;

    private static readonly TimeSpan window = TimeSpan.FromMilliseconds(15);

    private readonly object gate = new();
    private readonly Dictionary<ICellOutput, Exception> failures = new(ReferenceEqualityComparer.Instance);
    private List<Item> queue = [];
    private int characters;
    private bool isUrgent;
    private bool isStopped;
    private long lastDelivery;

    /// <summary>A pump with its thread running.</summary>
    public OutputPump() => new Thread(Run) { IsBackground = true, Name = "cell output" }.UnsafeStart();

    /// <summary>Queues text; waits while a megabyte of it is waiting.</summary>
    public void Stream(ICellOutput output, string name, string text)
    {
        lock (gate)
        {
            while (characters > MostCharacters && !isStopped)
            {
                Monitor.Wait(gate, window);
                Interruption.Check();
            }

            characters += text.Length;
            Add(new Item(output, name, text, null));
        }
    }

    /// <summary>Queues anything else.</summary>
    public void Post(ICellOutput output, Action<ICellOutput> deliver)
    {
        lock (gate)
        {
            Add(new Item(output, "", "", deliver));
        }
    }

    /// <summary>Ends when all that was queued before has been delivered.</summary>
    /// <exception cref="IOException">The destination failed.</exception>
    public async Task FlushAsync(ICellOutput output)
    {
        var delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (isStopped)
            {
                return;
            }

            isUrgent = true;
            Add(new Item(null, "", "", _ => delivered.SetResult()));
        }

        await delivered.Task;
        lock (gate)
        {
            if (failures.Remove(output, out Exception? failure))
            {
                Throw.Undelivered(failure);
            }
        }
    }

    /// <summary>Delivers what is queued, and stops.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isStopped = true;
            Monitor.PulseAll(gate);
        }
    }

    private void Add(Item item)
    {
        queue.Add(item);
        Monitor.PulseAll(gate);
    }

    private void Run()
    {
        while (Take() is { } items)
        {
            for (int i = 0; i < items.Count; i++)
            {
                Item item = items[i];
                if (item.Deliver is null)
                {
                    int end = i + 1;
                    while (end < items.Count && items[end].Deliver is null
                        && items[end].Output == item.Output && items[end].Name == item.Name)
                    {
                        end++;
                    }

                    item = item with { Text = string.Concat(items[i..end].Select(part => part.Text)) };
                    i = end - 1;
                }

                Deliver(item);
            }

            lastDelivery = Stopwatch.GetTimestamp();
        }
    }

    private List<Item>? Take()
    {
        lock (gate)
        {
            while (queue.Count == 0)
            {
                if (isStopped)
                {
                    return null;
                }

                Monitor.Wait(gate);
            }

            for (TimeSpan left = window; left > TimeSpan.Zero && !isUrgent && !isStopped && characters < MostCharacters;)
            {
                left = window - Stopwatch.GetElapsedTime(lastDelivery);
                if (left > TimeSpan.Zero)
                {
                    Monitor.Wait(gate, left);
                }
            }

            List<Item> items = queue;
            queue = [];
            characters = 0;
            isUrgent = false;
            Monitor.PulseAll(gate);
            return items;
        }
    }

    private void Deliver(Item item)
    {
        try
        {
            if (item.Deliver is { } deliver)
            {
                deliver(item.Output!);
            }
            else
            {
                item.Output!.Stream(item.Name, item.Text);
            }
        }
        catch (Exception failure) when (item.Output is not null)
        {
            lock (gate)
            {
                failures[item.Output] = failure;
            }
        }
    }

    private sealed record Item(ICellOutput? Output, string Name, string Text, Action<ICellOutput>? Deliver);
}
