using System.Buffers.Binary;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>Lays frames out as they go over the wire.</summary>
internal static class FrameEncoder
{
    /// <summary>A whole message, each frame but the last marked as followed by more.</summary>
    public static byte[] Message(IReadOnlyList<byte[]> frames, int skip = 0)
    {
        long size = 0;
        for (int i = skip; i < frames.Count; i++)
        {
            size += HeaderSize(frames[i].Length) + frames[i].Length;
        }

        var wire = new byte[size];
        Span<byte> rest = wire;
        for (int i = skip; i < frames.Count; i++)
        {
            Write(ref rest, i + 1 < frames.Count ? FrameFlags.More : FrameFlags.None, frames[i]);
        }

        return wire;
    }

    /// <summary>A command: its name, then its data.</summary>
    public static byte[] Command(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var body = new byte[1 + name.Length + data.Length];
        body[0] = (byte)name.Length;
        name.CopyTo(body.AsSpan(1));
        data.CopyTo(body.AsSpan(1 + name.Length));
        var wire = new byte[HeaderSize(body.Length) + body.Length];
        Span<byte> rest = wire;
        Write(ref rest, FrameFlags.Command, body);
        return wire;
    }

    private static int HeaderSize(int length) => length > byte.MaxValue ? 9 : 2;

    private static void Write(ref Span<byte> rest, FrameFlags flags, ReadOnlySpan<byte> body)
    {
        int header = HeaderSize(body.Length);
        if (header == 9)
        {
            rest[0] = (byte)(flags | FrameFlags.Long);
            BinaryPrimitives.WriteUInt64BigEndian(rest[1..], (ulong)body.Length);
        }
        else
        {
            rest[0] = (byte)flags;
            rest[1] = (byte)body.Length;
        }

        body.CopyTo(rest[header..]);
        rest = rest[(header + body.Length)..];
    }
}
