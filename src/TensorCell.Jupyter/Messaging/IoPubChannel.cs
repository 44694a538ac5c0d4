using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using TensorCell.Jupyter.Zmtp;

namespace TensorCell.Jupyter.Messaging;

/// <summary>
/// Broadcasts what happens in the kernel, in the order in which it happened, from a thread of its own. Text that follows text
/// of the same stream and cell within <see cref="StreamDelay"/> goes out in one message.
/// </summary>
public sealed class IoPubChannel : IDisposable
{
    private const int LongestStream = 256 << 10;
    private const int LargestBacklog = 8 << 20;

    private readonly MessageCodec codec;
    private readonly PublisherSocket socket;
    private readonly LinkedList<Entry> queue = new();
    private readonly Thread thread;
    private long backlog;
    private int flushing;
    private bool isSending;
    private bool isClosed;

    /// <summary>Starts the channel over a socket that is bound elsewhere.</summary>
    public IoPubChannel(MessageCodec codec, PublisherSocket socket)
    {
        this.codec = codec;
        this.socket = socket;
        thread = new Thread(Run) { IsBackground = true, Name = "iopub" };
        thread.Start();
    }

    /// <summary>How long text waits for more text.</summary>
    public static TimeSpan StreamDelay { get; } = TimeSpan.FromMilliseconds(30);

    /// <summary>Queues a message. Never waits.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="parentHeader">The header's JSON of the request that caused it; null for none.</param>
    /// <param name="content">The content.</param>
    /// <param name="metadata">The metadata; null for none.</param>
    /// <param name="buffers">Binary data; null for none.</param>
    /// <param name="size">About how many characters it holds, so that <see cref="WaitForRoom"/> knows.</param>
    public void Publish(
        string type, byte[]? parentHeader, JsonObject content, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null,
        long size = 0) => Enqueue(new Entry(type, parentHeader, content, metadata, buffers, null, size));

    /// <summary>Queues text of <c>stdout</c> or <c>stderr</c>. Never waits.</summary>
    public void Stream(string name, string text, byte[] parentHeader)
    {
        lock (queue)
        {
            if (queue.Last?.Value is { Text: { } pending } last && last.Type == name && ReferenceEquals(last.ParentHeader, parentHeader)
                && pending.Length < LongestStream)
            {
                pending.Append(text);
                backlog += text.Length;
                if (pending.Length >= LongestStream)
                {
                    Monitor.PulseAll(queue);
                }

                return;
            }
        }

        Enqueue(new Entry(name, parentHeader, null, null, null, new StringBuilder(text), text.Length));
    }

    /// <summary>Waits while more is queued than a client can be expected to catch up with soon.</summary>
    /// <param name="cancellation">Ends the wait early.</param>
    public void WaitForRoom(CancellationToken cancellation)
    {
        lock (queue)
        {
            while (backlog > LargestBacklog && !isClosed && !cancellation.IsCancellationRequested)
            {
                Monitor.Wait(queue, 20);
            }
        }
    }

    /// <summary>Waits until everything queued so far was handed to the connections, or the time is over.</summary>
    public void Flush(TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        lock (queue)
        {
            flushing++;
            Monitor.PulseAll(queue);
            try
            {
                while ((queue.Count > 0 || isSending) && !isClosed && Stopwatch.GetElapsedTime(start) < timeout)
                {
                    Monitor.Wait(queue, 5);
                }
            }
            finally
            {
                flushing--;
            }
        }
    }

    /// <summary>Sends what is queued and ends the thread.</summary>
    public void Dispose()
    {
        lock (queue)
        {
            isClosed = true;
            Monitor.PulseAll(queue);
        }

        thread.Join(TimeSpan.FromSeconds(2));
    }

    private void Enqueue(Entry entry)
    {
        lock (queue)
        {
            if (isClosed)
            {
                return;
            }

            queue.AddLast(entry);
            backlog += entry.Size;
            Monitor.PulseAll(queue);
        }
    }

    private void Run()
    {
        while (Next() is { } entry)
        {
            if (entry.Size > 0)
            {
                // Whoever produces output waits for a slow client; the kernel's own small messages are never held back alone.
                socket.WaitForRoom(CancellationToken.None);
            }

            string type = entry.Text is null ? entry.Type : "stream";
            JsonObject content = entry.Content
                ?? new JsonObject { ["name"] = entry.Type, ["text"] = entry.Text!.ToString() };
            byte[] topic = Encoding.UTF8.GetBytes($"kernel.{codec.Session}.{type}");
            socket.Send(codec.Encode([topic], type, entry.ParentHeader, content, entry.Metadata, entry.Buffers).Frames);
        }
    }

    private Entry? Next()
    {
        lock (queue)
        {
            isSending = false;
            while (true)
            {
                if (queue.First?.Value is not { } head)
                {
                    Monitor.PulseAll(queue);
                    if (isClosed)
                    {
                        return null;
                    }

                    Monitor.Wait(queue);
                    continue;
                }

                TimeSpan left = StreamDelay - Stopwatch.GetElapsedTime(head.QueuedAt);
                bool mayGrow = head.Text is { Length: < LongestStream } && queue.Count == 1 && !isClosed && flushing == 0;

                // It waits for its other half, or for whatever ends the output.
                bool isHalfCharacter = mayGrow && head.Text is { Length: 1 } half && char.IsHighSurrogate(half[0]);
                if (mayGrow && (isHalfCharacter || left > TimeSpan.Zero))
                {
                    Monitor.Wait(queue, isHalfCharacter ? Timeout.InfiniteTimeSpan : left);
                    continue;
                }

                queue.RemoveFirst();
                if (mayGrow && head.Text is { Length: > 1 } text && char.IsHighSurrogate(text[^1]))
                {
                    // The other half of the character is yet to be written.
                    queue.AddFirst(new Entry(head.Type, head.ParentHeader, null, null, null, new StringBuilder().Append(text[^1]), 0));
                    text.Length--;
                }

                backlog -= head.Text?.Length ?? head.Size;
                isSending = true;
                Monitor.PulseAll(queue);
                return head;
            }
        }
    }

    /// <summary>A message to send; with text, a stream whose name is the type.</summary>
    private sealed record Entry(
        string Type, byte[]? ParentHeader, JsonObject? Content, JsonObject? Metadata, IReadOnlyList<byte[]>? Buffers,
        StringBuilder? Text, long Size)
    {
        public long QueuedAt { get; } = Stopwatch.GetTimestamp();
    }
}
