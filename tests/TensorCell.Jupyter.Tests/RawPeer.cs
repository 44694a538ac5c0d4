using System.Net.Sockets;
using System.Text;
using TensorCell.Jupyter.Zmtp;

namespace TensorCell.Jupyter.Tests;

/// <summary>A peer whose every byte the test decides: a plain socket, with or without a proper handshake.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket socket;
    private readonly FrameDecoder decoder = new(new ZmtpLimits());
    private byte[] unread = [];

    public RawPeer(string endpoint)
    {
        ZmtpEndpoint target = ZmtpEndpoint.Parse(endpoint);
        socket = target.CreateSocket();
        socket.ReceiveTimeout = 20_000;
        socket.Connect(target.Address);
    }

    public RawPeer(string endpoint, string socketType, string identity = "", byte minorVersion = 1)
        : this(endpoint)
    {
        SendHandshake(socketType, identity, minorVersion);
        byte[] theirs = ReadBytes(Handshake.GreetingLength);
        Handshake.CheckGreeting(theirs);
        Assert.Equal(FrameFlags.Command, ReadFrame().Flags);
    }

    public void SendHandshake(string socketType, string identity, byte minorVersion)
    {
        byte[] greeting = Handshake.Greeting();
        greeting[11] = minorVersion;
        SendBytes(greeting);
        SendBytes(FrameEncoder.Command("READY"u8, [.. Property("Socket-Type", socketType), .. Property("Identity", identity)]));
    }

    public void SendBytes(ReadOnlySpan<byte> bytes) => socket.Send(bytes);

    public void Send(byte flags, byte[] body) => SendBytes([flags, (byte)body.Length, .. body]);

    public void SendMessage(IReadOnlyList<byte[]> frames) => SendBytes(FrameEncoder.Message(frames));

    public Frame ReadFrame()
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = unread;
            bool isComplete = decoder.TryRead(ref rest, out Frame frame);
            unread = rest.ToArray();
            if (isComplete)
            {
                return frame;
            }

            var chunk = new byte[65536];
            int read = socket.Receive(chunk);
            Assert.True(read > 0, "the server closed the connection");
            unread = chunk[..read];
        }
    }

    /// <summary>Reads until the server ends the connection.</summary>
    public bool IsClosedByPeer()
    {
        try
        {
            var chunk = new byte[65536];
            while (socket.Receive(chunk) > 0)
            {
            }

            return true;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode is not SocketError.TimedOut;
        }
    }

    public void Dispose() => socket.Dispose();

    private static byte[] Property(string name, string value) =>
    [
        (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 0, 0, (byte)value.Length, .. Encoding.ASCII.GetBytes(value),
    ];

    private byte[] ReadBytes(int count)
    {
        while (unread.Length < count)
        {
            var chunk = new byte[4096];
            int read = socket.Receive(chunk);
            Assert.True(read > 0, "the server closed the connection");
            unread = [.. unread, .. chunk[..read]];
        }

        byte[] bytes = unread[..count];
        unread = unread[count..];
        return bytes;
    }
}
