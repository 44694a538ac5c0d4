namespace TensorCell.Jupyter.Zmtp;

/// <summary>Talks to routers, any number of messages each way.</summary>
public sealed class DealerSocket(ZmtpContext context, string name = "dealer") : ZmtpClientSocket(context, SocketKind.Dealer, name)
{
    /// <summary>Sends a message to the peer, now or when it is connected.</summary>
    public void Send(IReadOnlyList<byte[]> frames) => SendInTurn(frames);
}
