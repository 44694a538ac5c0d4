using System.Diagnostics;
using System.Net.Sockets;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>A bound address at which a socket's peers arrive.</summary>
internal sealed class ZmtpListener : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private long pausedAt;

    public ZmtpListener(ZmtpSocket owner, ZmtpEndpoint endpoint)
    {
        Owner = owner;
        if (endpoint.Path is { } path)
        {
            // A socket file left by a process that died would refuse the address for ever.
            File.Delete(path);
        }

        Socket = endpoint.CreateSocket();
        try
        {
            Socket.Bind(endpoint.Address);
            Socket.Listen(128);
            Socket.Blocking = false;
        }
        catch
        {
            Socket.Dispose();
            throw;
        }

        Endpoint = endpoint.WithBoundPort(Socket);
    }

    public ZmtpSocket Owner { get; }

    public Socket Socket { get; }

    public ZmtpEndpoint Endpoint { get; }

    /// <summary>Whether the listener rests because the process ran out of file handles.</summary>
    public bool IsPaused => pausedAt != 0 && Stopwatch.GetElapsedTime(pausedAt) < Pause;

    public Socket? Accept()
    {
        try
        {
            Socket accepted = Socket.Accept();
            if (accepted.AddressFamily != AddressFamily.Unix)
            {
                accepted.NoDelay = true;
            }

            return accepted;
        }
        catch (SocketException error)
        {
            if (error.SocketErrorCode is not (SocketError.WouldBlock or SocketError.ConnectionAborted or SocketError.ConnectionReset))
            {
                pausedAt = Stopwatch.GetTimestamp();
            }

            return null;
        }
    }

    public void Dispose()
    {
        Socket.Dispose();
        if (Endpoint.Path is { } path)
        {
            File.Delete(path);
        }
    }
}
