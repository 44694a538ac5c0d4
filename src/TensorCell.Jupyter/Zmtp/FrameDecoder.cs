using System.Buffers.Binary;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>The flags of a frame as they stand on the wire.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,
    More = 1,
    Long = 2,
    Command = 4,
}

/// <summary>One frame off the wire.</summary>
internal readonly record struct Frame(FrameFlags Flags, byte[] Body);

/// <summary>Cuts a byte stream into frames. Memory grows with the bytes that came, never with the length a peer claims.</summary>
internal sealed class FrameDecoder(ZmtpLimits limits)
{
    private const int LargestFirstAllocation = 64 << 10;

    private readonly byte[] header = new byte[9];
    private int headerLength;
    private long bodyLength = -1;
    private byte[] body = [];
    private int filled;

    /// <summary>Bytes held for a frame that is not complete.</summary>
    public int HeldBytes => bodyLength < 0 ? 0 : body.Length;

    /// <summary>Takes bytes from the front of <paramref name="input"/> until a frame is complete or none are left.</summary>
    /// <returns>Whether <paramref name="frame"/> was completed.</returns>
    /// <exception cref="ZmtpException">The bytes are no frame, or one larger than allowed.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, out Frame frame)
    {
        while (bodyLength < 0)
        {
            if (input.IsEmpty)
            {
                frame = default;
                return false;
            }

            header[headerLength++] = input[0];
            input = input[1..];
            ReadHeader();
        }

        int take = (int)Math.Min(bodyLength - filled, input.Length);
        Reserve(filled + take);
        input[..take].CopyTo(body.AsSpan(filled));
        filled += take;
        input = input[take..];
        if (filled < bodyLength)
        {
            frame = default;
            return false;
        }

        frame = new Frame((FrameFlags)header[0], body.Length == filled ? body : body[..filled]);
        headerLength = 0;
        bodyLength = -1;
        body = [];
        filled = 0;
        return true;
    }

    private void ReadHeader()
    {
        var flags = (FrameFlags)header[0];
        if ((header[0] & ~7) != 0 || (flags & (FrameFlags.More | FrameFlags.Command)) == (FrameFlags.More | FrameFlags.Command))
        {
            Throw.Peer($"frame flags 0x{header[0]:x2} do not exist");
        }

        bool isLong = (flags & FrameFlags.Long) != 0;
        if (headerLength < (isLong ? 9 : 2))
        {
            return;
        }

        ulong length = isLong ? BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(1)) : header[1];
        long most = (flags & FrameFlags.Command) != 0 ? limits.CommandBytes : Math.Min(limits.MessageBytes, Array.MaxLength);
        if (length > (ulong)most)
        {
            Throw.Peer($"a frame of {length} bytes is larger than the {most} allowed");
        }

        bodyLength = (long)length;
        body = length == 0 ? [] : new byte[Math.Min(length, LargestFirstAllocation)];
    }

    private void Reserve(int needed)
    {
        if (needed > body.Length)
        {
            long size = Math.Min(bodyLength, Math.Max(needed, body.Length * 2L));
            Array.Resize(ref body, (int)size);
        }
    }
}
