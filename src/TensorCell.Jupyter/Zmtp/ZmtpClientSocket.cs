using System.Net.Sockets;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>A socket that connects: it keeps trying, and keeps what it is told to send until a peer is there.</summary>
public abstract class ZmtpClientSocket : ZmtpSocket
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly Dictionary<Socket, ZmtpEndpoint> dialled = [];
    private readonly Queue<byte[]> unsent = new();
    private int turn;

    private protected ZmtpClientSocket(ZmtpContext context, SocketKind kind, string name)
        : base(context, kind, name)
    {
    }

    /// <summary>Connects to an address in the background, again and again until it succeeds, and after each loss.</summary>
    /// <exception cref="FormatException">The text is no endpoint.</exception>
    public void Connect(string endpoint) => Dial(ZmtpEndpoint.Parse(endpoint));

    internal override void OnReady(ZmtpConnection connection)
    {
        lock (gate)
        {
            base.OnReady(connection);
            while (unsent.TryDequeue(out byte[]? wire))
            {
                connection.Send(wire);
            }
        }
    }

    internal override void OnClosed(ZmtpConnection connection)
    {
        base.OnClosed(connection);
        ZmtpEndpoint? target;
        lock (gate)
        {
            dialled.Remove(connection.Socket, out target);
        }

        if (target is not null && !IsClosed && !Context.IsStopping)
        {
            Dial(target);
        }
    }

    /// <summary>Sends to the next peer in turn, or as soon as one is there.</summary>
    private protected void SendInTurn(IReadOnlyList<byte[]> frames)
    {
        byte[] wire = FrameEncoder.Message(frames);
        lock (gate)
        {
            ZmtpConnection[] peers = ReadyConnections();
            if (peers.Length == 0)
            {
                unsent.Enqueue(wire);
            }
            else
            {
                peers[turn++ % peers.Length].Send(wire);
            }
        }
    }

    private void Dial(ZmtpEndpoint target) => new Thread(() =>
    {
        while (!IsClosed && !Context.IsStopping)
        {
            Socket socket = target.CreateSocket();
            try
            {
                socket.Connect(target.Address);
            }
            catch (SocketException)
            {
                // Nobody listens yet; a client may be started before its server.
                socket.Dispose();
                Thread.Sleep(RetryInterval);
                continue;
            }

            lock (gate)
            {
                dialled.Add(socket, target);
            }

            Context.Attach(this, socket);
            return;
        }
    })
    {
        IsBackground = true,
        Name = "zmtp connect",
    }.Start();
}
