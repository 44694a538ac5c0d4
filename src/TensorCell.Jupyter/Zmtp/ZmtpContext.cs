using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>
/// The one thread that reads and writes every connection of its sockets. It needs no thread pool, so that a cell which
/// occupies all of the pool's threads can still be interrupted.
/// </summary>
public sealed class ZmtpContext : IDisposable
{
    private static readonly TimeSpan DeadlineTurn = TimeSpan.FromMilliseconds(50);

    private readonly Action<string>? log;
    private readonly Thread thread;
    private readonly Socket wake;
    private readonly ConcurrentQueue<Action> posted = new();
    private readonly Dictionary<Socket, ZmtpListener> listeners = [];
    private readonly Dictionary<Socket, ZmtpConnection> connections = [];
    private readonly byte[] scratch = new byte[128 << 10];
    private int wakePending;
    private long inboundBytes;
    private long stopAt;

    /// <summary>Starts the thread.</summary>
    /// <param name="limits">What peers may ask of this process.</param>
    /// <param name="log">Told in one line of every connection closed for its own fault; called on any thread.</param>
    public ZmtpContext(ZmtpLimits? limits = null, Action<string>? log = null)
    {
        Limits = limits ?? new ZmtpLimits();
        this.log = log;

        // Connected to itself, a datagram socket receives from nobody else: a portable way to end a Select.
        wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        wake.Connect(wake.LocalEndPoint!);
        thread = new Thread(Run) { IsBackground = true, Name = "zmtp" };
        thread.Start();
    }

    /// <summary>What peers may ask of this process.</summary>
    public ZmtpLimits Limits { get; }

    /// <summary>How long <see cref="Dispose"/> goes on sending what was queued.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Sends what is queued, for at most <see cref="Linger"/>, then closes everything.</summary>
    public void Dispose()
    {
        long deadline = Stopwatch.GetTimestamp() + (long)(Linger.TotalSeconds * Stopwatch.Frequency);
        if (Interlocked.CompareExchange(ref stopAt, deadline, 0) == 0)
        {
            Wake();
        }

        thread.Join();
    }

    internal bool IsStopping => Volatile.Read(ref stopAt) != 0;

    internal void Log(string line) => log?.Invoke(line);

    internal long AccountInbound(long bytes) => Interlocked.Add(ref inboundBytes, bytes);

    /// <summary>Makes the thread look again at what there is to do.</summary>
    internal void Wake()
    {
        if (Interlocked.Exchange(ref wakePending, 1) == 0)
        {
            try
            {
                // Fails when the buffer is full of such bytes already, which wake the thread as well.
                wake.Send("w"u8, SocketFlags.None, out _);
            }
            catch (ObjectDisposedException)
            {
                // The thread has ended; there is nothing left to do for it.
            }
        }
    }

    internal void Post(Action action)
    {
        posted.Enqueue(action);
        Wake();
    }

    internal void Listen(ZmtpListener listener) => Post(() => listeners.Add(listener.Socket, listener));

    internal void Attach(ZmtpSocket owner, Socket socket) => Post(() => Adopt(owner, socket));

    internal void Forget(ZmtpConnection connection) => connections.Remove(connection.Socket);

    internal void Close(ZmtpSocket owner) => Post(() =>
    {
        foreach (ZmtpListener listener in listeners.Values.Where(listener => listener.Owner == owner).ToArray())
        {
            listeners.Remove(listener.Socket);
            listener.Dispose();
        }

        foreach (ZmtpConnection connection in connections.Values.Where(connection => connection.Owner == owner))
        {
            connection.CloseWhenFlushed(Linger);
        }
    });

    private void Run()
    {
        var readable = new List<Socket>();
        var writable = new List<Socket>();
        while (!MayStop())
        {
            try
            {
                Turn(readable, writable);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Only Select itself can get here; the thread must outlive whatever it reports.
                Log($"zmtp: {error.Message}");
                Thread.Sleep(DeadlineTurn);
            }
        }

        foreach (ZmtpListener listener in listeners.Values)
        {
            listener.Dispose();
        }

        foreach (ZmtpConnection connection in connections.Values.ToArray())
        {
            connection.Close(null);
        }

        wake.Dispose();
    }

    private bool MayStop()
    {
        long deadline = Volatile.Read(ref stopAt);
        return deadline != 0
            && (Stopwatch.GetTimestamp() > deadline || (posted.IsEmpty && !connections.Values.Any(connection => connection.WantsWrite)));
    }

    private void Turn(List<Socket> readable, List<Socket> writable)
    {
        bool hasDeadline = IsStopping;
        readable.Clear();
        writable.Clear();
        readable.Add(wake);
        foreach (ZmtpListener listener in listeners.Values)
        {
            hasDeadline |= listener.IsPaused;
            if (!listener.IsPaused)
            {
                readable.Add(listener.Socket);
            }
        }

        foreach (ZmtpConnection connection in connections.Values)
        {
            hasDeadline |= connection.HasDeadline;
            if (connection.WantsRead)
            {
                readable.Add(connection.Socket);
            }

            if (connection.WantsWrite)
            {
                writable.Add(connection.Socket);
            }
        }

        Socket.Select(readable, writable, null, hasDeadline ? (int)DeadlineTurn.TotalMicroseconds : -1);

        while (wake.Receive(scratch, SocketFlags.None, out _) > 0)
        {
            continue;
        }

        // Only after the bytes are gone: a wake in between would lose its byte here and keep all later ones from sending theirs.
        Interlocked.Exchange(ref wakePending, 0);
        while (posted.TryDequeue(out Action? action))
        {
            action();
        }

        foreach (Socket socket in writable)
        {
            Serve(socket, static (connection, scratch) => connection.OnWritable(scratch));
        }

        foreach (Socket socket in readable)
        {
            if (listeners.TryGetValue(socket, out ZmtpListener? listener))
            {
                Accept(listener);
            }
            else
            {
                Serve(socket, static (connection, scratch) => connection.OnReadable(scratch));
            }
        }

        foreach (ZmtpConnection connection in connections.Values.Where(connection => connection.HasDeadline).ToArray())
        {
            connection.OnTurn();
        }
    }

    private void Serve(Socket socket, Action<ZmtpConnection, byte[]> action)
    {
        if (!connections.TryGetValue(socket, out ZmtpConnection? connection))
        {
            return;
        }

        try
        {
            action(connection, scratch);
        }
        catch (Exception error)
        {
            // Whatever one peer brings about may cost its own connection, never this thread, which serves all others.
            connection.Close(error.Message);
        }
    }

    private void Accept(ZmtpListener listener)
    {
        if (listener.Accept() is not { } socket)
        {
            return;
        }

        if (connections.Values.Count(connection => connection.Owner == listener.Owner) >= Limits.Connections)
        {
            Log($"{listener.Owner.Name}: a connection was refused: {Limits.Connections} are open");
            socket.Dispose();
            return;
        }

        Adopt(listener.Owner, socket);
    }

    private void Adopt(ZmtpSocket owner, Socket socket)
    {
        if (owner.IsClosed)
        {
            socket.Dispose();
            return;
        }

        socket.Blocking = false;
        connections.Add(socket, new ZmtpConnection(this, owner, socket));
    }
}
