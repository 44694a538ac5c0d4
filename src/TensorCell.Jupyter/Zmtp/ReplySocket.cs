namespace TensorCell.Jupyter.Zmtp;

/// <summary>Answers requests one after the other; the answer goes to whoever asked last.</summary>
public sealed class ReplySocket(ZmtpContext context, string name = "reply") : ZmtpSocket(context, SocketKind.Reply, name)
{
    private List<byte[]> envelope = [];
    private ZmtpConnection? asker;

    /// <summary>Waits for the next request, without the envelope that leads its answer back.</summary>
    /// <returns>The request, or null when none came in time or the socket is closed.</returns>
    public IReadOnlyList<byte[]>? ReceiveRequest(TimeSpan timeout)
    {
        if (Receive(timeout) is not { } message)
        {
            return null;
        }

        int body = 1 + message.Frames.TakeWhile(frame => frame.Length != 0).Count();
        envelope = [.. message.Frames.Take(body)];
        asker = message.Source;
        return [.. message.Frames.Skip(body)];
    }

    /// <summary>Answers the request received last.</summary>
    public void Reply(IReadOnlyList<byte[]> frames)
    {
        asker?.Send(FrameEncoder.Message([.. envelope, .. frames.Count == 0 ? [[]] : frames]));
        asker = null;
    }

    internal override void OnMessage(ZmtpConnection connection, List<byte[]> frames, long size)
    {
        int delimiter = frames.FindIndex(frame => frame.Length == 0);
        if (delimiter < 0 || delimiter == frames.Count - 1)
        {
            connection.Consumed(size);
            Throw.Peer("a request must hold an empty frame and then its body");
        }

        base.OnMessage(connection, frames, size);
    }
}
