using System.Diagnostics;
using System.Net.Sockets;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>
/// One peer of one socket. Its methods named On… and <see cref="Close"/> run on the context's thread; the others may be
/// called from any.
/// </summary>
internal sealed class ZmtpConnection
{
    private const int ReadsPerTurn = 16;

    private readonly ZmtpContext context;
    private readonly ZmtpLimits limits;
    private readonly FrameDecoder decoder;
    private readonly long connectedAt = Stopwatch.GetTimestamp();
    private readonly byte[] greeting = new byte[Handshake.GreetingLength];
    private int greetingLength;
    private List<byte[]> partial = [];
    private long partialBytes;
    private long accountedBytes;

    private readonly Lock gate = new();
    private readonly Queue<byte[]> outbound = new();
    private int headSent;
    private long outboundBytes;
    private long lastProgress = Stopwatch.GetTimestamp();
    private long waitingBytes;
    private int waitingMessages;
    private string? closeRequest;
    private long flushDeadline;

    public ZmtpConnection(ZmtpContext context, ZmtpSocket owner, Socket socket)
    {
        this.context = context;
        limits = context.Limits;
        decoder = new FrameDecoder(limits);
        Owner = owner;
        Socket = socket;
        Peer = NameOf(socket);
        EnqueueWire(Handshake.Greeting());
    }

    public ZmtpSocket Owner { get; }

    public Socket Socket { get; }

    /// <summary>Who is at the other end, for the log.</summary>
    public string Peer { get; }

    public PeerProperties? Properties { get; private set; }

    public bool IsClosed { get; private set; }

    public bool IsReady => Properties is not null && !IsClosed;

    /// <summary>Whether the peer understands SUBSCRIBE commands (ZMTP 3.1) rather than messages.</summary>
    public bool UsesCommands => greeting[11] >= 1 || greeting[10] > 3;

    public long OutboundBytes => Volatile.Read(ref outboundBytes);

    /// <summary>How long ago the peer took the last bytes that waited for it.</summary>
    public TimeSpan SinceProgress => Stopwatch.GetElapsedTime(Volatile.Read(ref lastProgress));

    public bool WantsRead => Volatile.Read(ref waitingBytes) < limits.InboundBytes
        && Volatile.Read(ref waitingMessages) < limits.InboundMessages;

    public bool WantsWrite => OutboundBytes > 0;

    /// <summary>Whether the connection waits for something that does not come by itself.</summary>
    public bool HasDeadline => Properties is null || flushDeadline != 0 || Volatile.Read(ref closeRequest) is not null;

    public void Send(byte[] wire)
    {
        if (EnqueueWire(wire) > limits.OutboundBytes)
        {
            RequestClose($"it does not read: more than {limits.OutboundBytes >> 20} MiB wait for it");
        }

        context.Wake();
    }

    /// <summary>The application took a message of this connection, which makes room for others.</summary>
    public void Consumed(long bytes)
    {
        bool wasPaused = !WantsRead;
        Interlocked.Add(ref waitingBytes, -bytes);
        Interlocked.Decrement(ref waitingMessages);
        context.AccountInbound(-bytes);
        if (wasPaused)
        {
            context.Wake();
        }
    }

    public void RequestClose(string reason)
    {
        Interlocked.CompareExchange(ref closeRequest, reason, null);
        context.Wake();
    }

    /// <summary>Closes when everything has been sent, or when the time is over.</summary>
    public void CloseWhenFlushed(TimeSpan within) =>
        flushDeadline = Stopwatch.GetTimestamp() + (long)(within.TotalSeconds * Stopwatch.Frequency);

    /// <summary>Looks whether the connection has to be closed.</summary>
    public void OnTurn()
    {
        if (Volatile.Read(ref closeRequest) is { } reason)
        {
            Close(reason);
        }
        else if (flushDeadline != 0 && (!WantsWrite || Stopwatch.GetTimestamp() > flushDeadline))
        {
            Close(null);
        }
        else if (Properties is null && Stopwatch.GetElapsedTime(connectedAt) > limits.Handshake)
        {
            Close("its handshake took too long");
        }
    }

    public void OnReadable(byte[] scratch)
    {
        for (int i = 0; i < ReadsPerTurn && !IsClosed && WantsRead; i++)
        {
            int read = Socket.Receive(scratch, SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock or SocketError.TryAgain)
            {
                return;
            }

            if (error != SocketError.Success || read == 0)
            {
                Close(null);
                return;
            }

            Consume(scratch.AsSpan(0, read));
            Account();
            if (read < scratch.Length)
            {
                return;
            }
        }
    }

    public void OnWritable(byte[] scratch)
    {
        while (!IsClosed)
        {
            ReadOnlySpan<byte> chunk = Gather(scratch);
            if (chunk.IsEmpty)
            {
                return;
            }

            int sent = Socket.Send(chunk, SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock or SocketError.TryAgain or SocketError.NoBufferSpaceAvailable)
            {
                return;
            }

            if (error != SocketError.Success)
            {
                Close(null);
                return;
            }

            Advance(sent);
            if (sent < chunk.Length)
            {
                return;
            }
        }
    }

    /// <summary>Ends the connection; a reason is logged, none means the peer left or was told to.</summary>
    public void Close(string? reason)
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        if (reason is not null)
        {
            context.Log($"{Owner.Name}: connection of {Peer} closed: {reason}");
        }

        context.AccountInbound(-accountedBytes);
        accountedBytes = 0;
        partial = [];
        lock (gate)
        {
            outbound.Clear();
            outboundBytes = 0;
        }

        context.Forget(this);
        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The peer was faster; the socket is closed in any case.
        }

        Socket.Dispose();
        Owner.OnClosed(this);
    }

    private static string NameOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is System.Net.IPEndPoint remote ? remote.ToString() : "a local peer";
        }
        catch (SocketException)
        {
            return "a peer that left at once";
        }
    }

    private long EnqueueWire(byte[] wire)
    {
        lock (gate)
        {
            if (IsClosed)
            {
                return 0;
            }

            if (outboundBytes == 0)
            {
                lastProgress = Stopwatch.GetTimestamp();
            }

            outbound.Enqueue(wire);
            outboundBytes += wire.Length;
            return outboundBytes;
        }
    }

    /// <summary>What to send next: the rest of one large buffer, or several small ones side by side.</summary>
    private ReadOnlySpan<byte> Gather(byte[] scratch)
    {
        lock (gate)
        {
            if (!outbound.TryPeek(out byte[]? head))
            {
                return default;
            }

            if (outbound.Count == 1 || head.Length - headSent >= scratch.Length)
            {
                return head.AsSpan(headSent);
            }

            int length = 0;
            int skip = headSent;
            foreach (byte[] wire in outbound)
            {
                ReadOnlySpan<byte> rest = wire.AsSpan(skip);
                skip = 0;
                if (length + rest.Length > scratch.Length)
                {
                    break;
                }

                rest.CopyTo(scratch.AsSpan(length));
                length += rest.Length;
            }

            return scratch.AsSpan(0, length);
        }
    }

    private void Advance(int sent)
    {
        lock (gate)
        {
            lastProgress = Stopwatch.GetTimestamp();
            outboundBytes -= sent;
            while (sent > 0 || (outbound.TryPeek(out byte[]? next) && next.Length == headSent))
            {
                int rest = outbound.Peek().Length - headSent;
                if (sent < rest)
                {
                    headSent += sent;
                    return;
                }

                sent -= rest;
                headSent = 0;
                outbound.Dequeue();
            }
        }
    }

    private void Consume(ReadOnlySpan<byte> input)
    {
        if (greetingLength < greeting.Length)
        {
            int take = Math.Min(greeting.Length - greetingLength, input.Length);
            input[..take].CopyTo(greeting.AsSpan(greetingLength));
            greetingLength += take;
            input = input[take..];
            Handshake.CheckGreeting(greeting.AsSpan(0, greetingLength));
            if (greetingLength < greeting.Length)
            {
                return;
            }

            EnqueueWire(Handshake.Ready(Owner.Kind, Owner.Identity));
        }

        while (!IsClosed && decoder.TryRead(ref input, out Frame frame))
        {
            if ((frame.Flags & FrameFlags.Command) != 0)
            {
                OnCommand(frame.Body);
            }
            else
            {
                OnFrame(frame);
            }
        }
    }

    private void OnFrame(Frame frame)
    {
        if (Properties is null)
        {
            Throw.Peer("a message came before the handshake was over");
        }

        partial.Add(frame.Body);
        partialBytes += frame.Body.Length;
        if (partialBytes > limits.MessageBytes || partial.Count > limits.MessageFrames)
        {
            Throw.Peer(
                $"a message of {partial.Count} frames and {partialBytes} bytes is larger than the {limits.MessageFrames} frames and {limits.MessageBytes} bytes allowed");
        }

        if ((frame.Flags & FrameFlags.More) != 0)
        {
            return;
        }

        List<byte[]> frames = partial;
        long size = partialBytes;
        partial = [];
        partialBytes = 0;

        Interlocked.Add(ref waitingBytes, size);
        Interlocked.Increment(ref waitingMessages);
        context.AccountInbound(size);
        Owner.OnMessage(this, frames, size);
    }

    private void OnCommand(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty || body.Length < 1 + body[0])
        {
            Throw.Peer("a command has no name");
        }

        ReadOnlySpan<byte> name = body.Slice(1, body[0]);
        ReadOnlySpan<byte> data = body[(1 + body[0])..];
        if (Properties is null)
        {
            FinishHandshake(name, data);
        }
        else if (name.SequenceEqual("PING"u8))
        {
            // Two bytes of time-to-live, then at most 16 bytes that the answer repeats.
            ReadOnlySpan<byte> pingContext = data.Length > 2 ? data[2..Math.Min(data.Length, 18)] : default;
            EnqueueWire(FrameEncoder.Command("PONG"u8, pingContext));
        }
        else if (name.SequenceEqual("ERROR"u8))
        {
            Throw.Peer("the peer reported an error");
        }
        else
        {
            Owner.OnCommand(this, name, data);
        }
    }

    private void FinishHandshake(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (!name.SequenceEqual("READY"u8))
        {
            Throw.Peer("the peer sent another command than READY in its handshake");
        }

        PeerProperties properties = Handshake.ParseReady(data);
        if (!Owner.Kind.Accepts(properties.SocketType))
        {
            Throw.Peer($"a {Owner.Kind.WireName} socket does not talk to a {properties.SocketType} socket");
        }

        Properties = properties;
        Owner.OnReady(this);
    }

    private void Account()
    {
        long held = IsClosed ? 0 : partialBytes + decoder.HeldBytes;
        long total = context.AccountInbound(held - accountedBytes);
        accountedBytes = held;
        if (total > limits.TotalInboundBytes && held > 0)
        {
            Throw.Peer($"all messages being received hold more than {limits.TotalInboundBytes >> 20} MiB");
        }
    }
}
