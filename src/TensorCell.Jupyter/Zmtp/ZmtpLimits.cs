namespace TensorCell.Jupyter.Zmtp;

/// <summary>How much a peer may ask of this process before its connection is closed or made to wait.</summary>
public sealed record ZmtpLimits
{
    /// <summary>Bytes that one message, all its frames together, may have.</summary>
    public long MessageBytes { get; init; } = 256L << 20;

    /// <summary>Frames that one message may have.</summary>
    public int MessageFrames { get; init; } = 1024;

    /// <summary>Bytes that a command (handshake, subscription, ping) may have.</summary>
    public int CommandBytes { get; init; } = 64 << 10;

    /// <summary>Received bytes that one connection may have waiting for the application before it is no longer read.</summary>
    public long InboundBytes { get; init; } = 64L << 20;

    /// <summary>Received messages that one connection may have waiting before it is no longer read.</summary>
    public int InboundMessages { get; init; } = 10_000;

    /// <summary>Received bytes, over all connections, beyond which the connection that adds to them is closed.</summary>
    public long TotalInboundBytes { get; init; } = 1L << 30;

    /// <summary>Bytes waiting to be sent to a peer that asked for them but does not read, before it is closed.</summary>
    public long OutboundBytes { get; init; } = 512L << 20;

    /// <summary>Bytes waiting for a subscriber above which <see cref="PublisherSocket.WaitForRoom"/> waits.</summary>
    public long PublishBytes { get; init; } = 32L << 20;

    /// <summary>How long a subscriber may read nothing while the publisher waits for it, before it is closed.</summary>
    public TimeSpan PublishStall { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections that one socket accepts at a time.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>Subscriptions that one subscriber may hold.</summary>
    public int Subscriptions { get; init; } = 1024;

    /// <summary>How long a peer may take for its greeting and handshake.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);
}
