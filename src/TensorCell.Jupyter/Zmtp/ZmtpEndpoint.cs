using System.Net;
using System.Net.Sockets;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>Where a socket listens or connects: <c>tcp://address:port</c> or <c>ipc://path</c>.</summary>
public sealed record ZmtpEndpoint
{
    private ZmtpEndpoint(string text, EndPoint address, string? path)
    {
        Text = text;
        Address = address;
        Path = path;
    }

    /// <summary>The endpoint as it was written, with the port that was really taken.</summary>
    public string Text { get; }

    /// <summary>The address of the operating system.</summary>
    public EndPoint Address { get; }

    /// <summary>The socket's file, for <c>ipc</c> endpoints that have one.</summary>
    public string? Path { get; }

    /// <summary>Reads an endpoint; <c>*</c> stands for every address, port 0 for any free one.</summary>
    /// <exception cref="FormatException">The text is no endpoint.</exception>
    /// <exception cref="SocketException">The host's name has no address.</exception>
    public static ZmtpEndpoint Parse(string text)
    {
        if (text.StartsWith("ipc://", StringComparison.Ordinal) && text.Length > 6)
        {
            string path = text[6..];
            return path[0] == '@'
                ? new(text, new UnixDomainSocketEndPoint("\0" + path[1..]), null)
                : new(text, new UnixDomainSocketEndPoint(path), path);
        }

        int colon = text.LastIndexOf(':');
        if (!text.StartsWith("tcp://", StringComparison.Ordinal) || colon < 6 || !ushort.TryParse(text.AsSpan(colon + 1), out ushort port))
        {
            return Throw.Format<ZmtpEndpoint>($"'{text}' is no endpoint; use tcp://address:port or ipc://path");
        }

        string host = text[6..colon].Trim('[', ']');
        IPAddress address = host is "*" or "" ? IPAddress.Any
            : IPAddress.TryParse(host, out IPAddress? literal) ? literal
            : Dns.GetHostAddresses(host).OrderBy(found => found.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First();
        return new(text, new IPEndPoint(address, port), null);
    }

    internal Socket CreateSocket()
    {
        bool isUnix = Address.AddressFamily == AddressFamily.Unix;
        var socket = new Socket(Address.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        if (!isUnix)
        {
            socket.NoDelay = true;
        }

        return socket;
    }

    internal ZmtpEndpoint WithBoundPort(Socket bound) => bound.LocalEndPoint is IPEndPoint taken && Address is IPEndPoint wanted
        ? new($"tcp://{(wanted.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{wanted.Address}]" : wanted.Address)}:{taken.Port}", new IPEndPoint(wanted.Address, taken.Port), null)
        : this;
}
