using System.Diagnostics;
using System.Net.Sockets;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>What every socket type shares: addresses, connections and the queue of messages that arrived.</summary>
public abstract class ZmtpSocket : IDisposable
{
    private readonly Queue<ZmtpMessage> inbound = new();
    private readonly List<ZmtpConnection> ready = [];
    private volatile bool isClosed;

    private protected ZmtpSocket(ZmtpContext context, SocketKind kind, string name)
    {
        Context = context;
        Kind = kind;
        Name = name;
    }

    /// <summary>The socket's type.</summary>
    public SocketKind Kind { get; }

    /// <summary>What the log calls it.</summary>
    public string Name { get; }

    /// <summary>The identity it tells a router; empty lets the router choose.</summary>
    public byte[] Identity { get; init; } = [];

    /// <summary>Messages that arrived and were not yet taken.</summary>
    public int WaitingMessages
    {
        get
        {
            lock (inbound)
            {
                return inbound.Count;
            }
        }
    }

    /// <summary>Peers whose handshake is over.</summary>
    public int PeerCount
    {
        get
        {
            lock (ready)
            {
                return ready.Count;
            }
        }
    }

    private protected ZmtpContext Context { get; }

    internal bool IsClosed => isClosed;

    /// <summary>Listens at an address.</summary>
    /// <returns>The endpoint with the port that was taken.</returns>
    /// <exception cref="SocketException">The address is in use or not this machine's.</exception>
    /// <exception cref="FormatException">The text is no endpoint.</exception>
    public ZmtpEndpoint Bind(string endpoint)
    {
        var listener = new ZmtpListener(this, ZmtpEndpoint.Parse(endpoint));
        Context.Listen(listener);
        return listener.Endpoint;
    }

    /// <summary>Waits for the next message.</summary>
    /// <returns>The message, or null when the socket is closed.</returns>
    public ZmtpMessage? Receive() => Receive(Timeout.InfiniteTimeSpan);

    /// <summary>Waits for the next message.</summary>
    /// <returns>The message, or null when none came in time or the socket is closed.</returns>
    public ZmtpMessage? Receive(TimeSpan timeout)
    {
        ZmtpMessage? message;
        long start = Stopwatch.GetTimestamp();
        lock (inbound)
        {
            while (!inbound.TryDequeue(out message))
            {
                TimeSpan left = timeout == Timeout.InfiniteTimeSpan ? timeout : timeout - Stopwatch.GetElapsedTime(start);
                if (isClosed || (timeout != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero))
                {
                    return null;
                }

                Monitor.Wait(inbound, left);
            }
        }

        message.Source?.Consumed(message.Size);
        return message;
    }

    /// <summary>Stops listening, sends what is queued in the background, and ends every wait for a message.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        lock (inbound)
        {
            if (isClosed)
            {
                return;
            }

            isClosed = true;
            Monitor.PulseAll(inbound);
        }

        Context.Close(this);
    }

    internal virtual void OnReady(ZmtpConnection connection)
    {
        lock (ready)
        {
            ready.Add(connection);
        }
    }

    internal virtual void OnClosed(ZmtpConnection connection)
    {
        lock (ready)
        {
            ready.Remove(connection);
        }
    }

    internal virtual void OnMessage(ZmtpConnection connection, List<byte[]> frames, long size) =>
        Enqueue(new ZmtpMessage(frames, connection, size));

    internal virtual void OnCommand(ZmtpConnection connection, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
    }

    private protected void Enqueue(ZmtpMessage message)
    {
        lock (inbound)
        {
            inbound.Enqueue(message);
            Monitor.Pulse(inbound);
        }
    }

    private protected ZmtpConnection[] ReadyConnections()
    {
        lock (ready)
        {
            return [.. ready];
        }
    }
}
