using System.Diagnostics;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>A message that arrived: one or more frames.</summary>
public sealed class ZmtpMessage
{
    internal ZmtpMessage(IReadOnlyList<byte[]> frames, ZmtpConnection? source, long size)
    {
        Frames = frames;
        Source = source;
        Size = size;
        ReceivedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>The frames; those of a <see cref="RouterSocket"/> begin with the sender's identity.</summary>
    public IReadOnlyList<byte[]> Frames { get; }

    /// <summary><see cref="Stopwatch.GetTimestamp"/> when the last frame had arrived.</summary>
    public long ReceivedAt { get; }

    internal ZmtpConnection? Source { get; }

    internal long Size { get; }
}
