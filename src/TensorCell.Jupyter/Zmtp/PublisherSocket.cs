using System.Diagnostics;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>
/// Sends every message to the peers that subscribed to its first frame. It announces itself as XPUB, since it tells of each
/// new subscription. Nothing is dropped for a peer that reads: <see cref="WaitForRoom"/> makes the source of the messages
/// wait instead, and a peer that reads nothing at all while it is waited for is disconnected, which it notices.
/// </summary>
public sealed class PublisherSocket(ZmtpContext context, string name = "publisher") : ZmtpSocket(context, SocketKind.Publisher, name)
{
    private const int LongestTopic = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<ZmtpConnection, List<byte[]>> subscribers = [];

    /// <summary>Called on the context's thread with each topic newly subscribed to, and a way to answer that peer alone.</summary>
    public Action<byte[], Action<IReadOnlyList<byte[]>>>? Subscribed { get; init; }

    /// <summary>Subscriptions held by all peers together.</summary>
    public int SubscriptionCount
    {
        get
        {
            lock (gate)
            {
                return subscribers.Values.Sum(topics => topics.Count);
            }
        }
    }

    /// <summary>Queues a message for each peer that subscribed to its topic, the first frame. Never waits.</summary>
    public void Send(IReadOnlyList<byte[]> frames)
    {
        byte[]? wire = null;
        lock (gate)
        {
            foreach ((ZmtpConnection peer, List<byte[]> topics) in subscribers)
            {
                foreach (byte[] topic in topics)
                {
                    if (frames[0].AsSpan().StartsWith(topic))
                    {
                        peer.Send(wire ??= FrameEncoder.Message(frames));
                        break;
                    }
                }
            }
        }
    }

    /// <summary>Waits until no subscriber has more waiting than <see cref="ZmtpLimits.PublishBytes"/>.</summary>
    /// <param name="cancellation">Ends the wait early.</param>
    public void WaitForRoom(CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (!cancellation.IsCancellationRequested && !IsClosed)
        {
            bool isFull = false;
            foreach (ZmtpConnection peer in ReadyConnections())
            {
                if (peer.OutboundBytes <= Context.Limits.PublishBytes || peer.IsClosed)
                {
                    continue;
                }

                isFull = true;
                if (peer.SinceProgress > Context.Limits.PublishStall && Stopwatch.GetElapsedTime(start) > Context.Limits.PublishStall)
                {
                    peer.RequestClose($"it read nothing for {Context.Limits.PublishStall.TotalSeconds:0.#} s while output waited for it");
                }
            }

            if (!isFull)
            {
                return;
            }

            Thread.Sleep(2);
        }
    }

    internal override void OnReady(ZmtpConnection connection)
    {
        lock (gate)
        {
            subscribers.Add(connection, []);
        }

        base.OnReady(connection);
    }

    internal override void OnClosed(ZmtpConnection connection)
    {
        lock (gate)
        {
            subscribers.Remove(connection);
        }

        base.OnClosed(connection);
    }

    internal override void OnCommand(ZmtpConnection connection, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (name.SequenceEqual("SUBSCRIBE"u8))
        {
            Subscribe(connection, data);
        }
        else if (name.SequenceEqual("CANCEL"u8))
        {
            Cancel(connection, data);
        }
    }

    internal override void OnMessage(ZmtpConnection connection, List<byte[]> frames, long size)
    {
        connection.Consumed(size);
        ReadOnlySpan<byte> body = frames[0];
        if (frames.Count == 1 && body.Length > 0 && body[0] <= 1)
        {
            if (body[0] == 1)
            {
                Subscribe(connection, body[1..]);
            }
            else
            {
                Cancel(connection, body[1..]);
            }
        }
    }

    private void Subscribe(ZmtpConnection connection, ReadOnlySpan<byte> topic)
    {
        byte[] added = topic.Length <= LongestTopic ? topic.ToArray() : Throw.Peer<byte[]>($"a topic may have at most {LongestTopic} bytes");
        lock (gate)
        {
            List<byte[]> topics = subscribers[connection];
            if (topics.Count == Context.Limits.Subscriptions)
            {
                Throw.Peer($"it subscribed more than {Context.Limits.Subscriptions} times");
            }

            topics.Add(added);
        }

        Subscribed?.Invoke(added, frames => connection.Send(FrameEncoder.Message(frames)));
    }

    private void Cancel(ZmtpConnection connection, ReadOnlySpan<byte> topic)
    {
        lock (gate)
        {
            List<byte[]> topics = subscribers[connection];
            for (int i = 0; i < topics.Count; i++)
            {
                if (topic.SequenceEqual(topics[i]))
                {
                    topics.RemoveAt(i);
                    return;
                }
            }
        }
    }
}
