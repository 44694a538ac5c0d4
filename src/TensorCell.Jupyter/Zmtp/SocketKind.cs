namespace TensorCell.Jupyter.Zmtp;

/// <summary>The ZeroMQ socket types spoken here.</summary>
public enum SocketKind
{
    /// <summary>Addresses each peer by its identity.</summary>
    Router,

    /// <summary>Sends to every subscriber; tells of new subscriptions.</summary>
    Publisher,

    /// <summary>Answers one request at a time.</summary>
    Reply,

    /// <summary>Talks to a router, asynchronously.</summary>
    Dealer,

    /// <summary>Receives the topics it subscribed to.</summary>
    Subscriber,

    /// <summary>Asks one request at a time.</summary>
    Request,
}

internal static class SocketKinds
{
    extension(SocketKind kind)
    {
        /// <summary>The name in the READY command.</summary>
        public string WireName => kind switch
        {
            SocketKind.Router => "ROUTER",
            SocketKind.Publisher => "XPUB",
            SocketKind.Reply => "REP",
            SocketKind.Dealer => "DEALER",
            SocketKind.Subscriber => "SUB",
            _ => "REQ",
        };

        /// <summary>Whether the protocol lets this type talk to a peer's.</summary>
        public bool Accepts(string peer) => kind switch
        {
            SocketKind.Router => peer is "DEALER" or "REQ" or "ROUTER",
            SocketKind.Publisher => peer is "SUB" or "XSUB",
            SocketKind.Reply => peer is "REQ" or "DEALER",
            SocketKind.Dealer => peer is "ROUTER" or "REP" or "DEALER",
            SocketKind.Subscriber => peer is "PUB" or "XPUB",
            _ => peer is "REP" or "ROUTER",
        };
    }
}
