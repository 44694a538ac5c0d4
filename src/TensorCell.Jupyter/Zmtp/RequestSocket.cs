namespace TensorCell.Jupyter.Zmtp;

/// <summary>Asks a reply socket or a router, one request at a time.</summary>
public sealed class RequestSocket(ZmtpContext context, string name = "request") : ZmtpClientSocket(context, SocketKind.Request, name)
{
    /// <summary>Sends a request.</summary>
    public void Send(IReadOnlyList<byte[]> frames) => SendInTurn([[], .. frames]);

    internal override void OnMessage(ZmtpConnection connection, List<byte[]> frames, long size)
    {
        if (frames[0].Length != 0)
        {
            connection.Consumed(size);
            Throw.Peer("a reply must begin with an empty frame");
        }

        frames.RemoveAt(0);
        base.OnMessage(connection, frames, size);
    }
}
