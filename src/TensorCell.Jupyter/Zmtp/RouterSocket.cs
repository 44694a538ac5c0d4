using System.Buffers.Binary;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>
/// Addresses each peer by the identity that stands as first frame of its messages. A peer that comes back under its identity
/// takes the place of its old connection, which may be half-dead.
/// </summary>
public sealed class RouterSocket(ZmtpContext context, string name = "router") : ZmtpSocket(context, SocketKind.Router, name)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ZmtpConnection> routes = [];
    private readonly Dictionary<ZmtpConnection, byte[]> identities = [];
    private int unnamedPeers;

    /// <summary>Sends a message to the peer whose identity is its first frame.</summary>
    /// <returns>False when no such peer is connected; the message is dropped then, as ROUTER sockets do.</returns>
    public bool Send(IReadOnlyList<byte[]> frames)
    {
        ZmtpConnection? peer;
        lock (gate)
        {
            routes.TryGetValue(Convert.ToHexString(frames[0]), out peer);
        }

        peer?.Send(FrameEncoder.Message(frames, skip: 1));
        return peer is not null;
    }

    internal override void OnReady(ZmtpConnection connection)
    {
        ZmtpConnection? previous;
        lock (gate)
        {
            byte[] identity = connection.Properties!.Identity;
            if (identity.Length == 0 || identity[0] == 0)
            {
                // A leading zero is reserved for identities that the router gives.
                identity = new byte[5];
                BinaryPrimitives.WriteInt32BigEndian(identity.AsSpan(1), ++unnamedPeers);
            }

            string key = Convert.ToHexString(identity);
            if (routes.TryGetValue(key, out previous))
            {
                identities.Remove(previous);
            }

            routes[key] = connection;
            identities[connection] = identity;
            base.OnReady(connection);
        }

        previous?.RequestClose("the same peer connected again");
    }

    internal override void OnClosed(ZmtpConnection connection)
    {
        lock (gate)
        {
            if (identities.Remove(connection, out byte[]? identity))
            {
                routes.Remove(Convert.ToHexString(identity));
            }
        }

        base.OnClosed(connection);
    }

    internal override void OnMessage(ZmtpConnection connection, List<byte[]> frames, long size)
    {
        byte[]? identity;
        lock (gate)
        {
            identities.TryGetValue(connection, out identity);
        }

        if (identity is null)
        {
            connection.Consumed(size);
            return;
        }

        frames.Insert(0, identity);
        base.OnMessage(connection, frames, size);
    }
}
