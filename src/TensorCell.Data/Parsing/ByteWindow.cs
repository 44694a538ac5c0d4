using TensorCell.Kernels;

namespace TensorCell.Data.Parsing;

/// <summary>A stretch of a source in memory, padded so that parsers may read a little beyond either end; it can grow at its end.</summary>
internal sealed unsafe class ByteWindow : IDisposable
{
    private CpuBuffer buffer = CpuBuffer.Allocate(FieldPadding.Before + FieldPadding.After);
    private long capacity;

    /// <summary>The first byte.</summary>
    public byte* Data => (byte*)buffer.Address + FieldPadding.Before;

    /// <summary>The offset of the first byte in the source.</summary>
    public long Origin { get; private set; }

    /// <summary>Number of bytes.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the last byte is the source's last.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Reads a stretch, which replaces what the window held.</summary>
    public void Load(ByteSource source, long origin, int count)
    {
        Origin = origin;
        Count = 0;
        IsAtEnd = false;
        Extend(source, count);
    }

    /// <summary>Reads further bytes after those it holds.</summary>
    public void Extend(ByteSource source, int count)
    {
        long left = source.Length - Origin - Count;
        int wanted = (int)Math.Min(left, Math.Min(count, Array.MaxLength - FieldPadding.Before - FieldPadding.After - Count));
        Reserve((long)Count + wanted);
        int read = source.Read(Origin + Count, new Span<byte>(Data + Count, wanted));
        if (read < wanted)
        {
            throw Throw.Read(source, 0, null, $"found its end at byte {Origin + Count + read} while reading; expected {source.Length} bytes, as it had at first");
        }

        Count += read;
        IsAtEnd = Origin + Count == source.Length;
        new Span<byte>(Data + Count, FieldPadding.After).Clear();
    }

    public void Dispose() => buffer.Dispose();

    private void Reserve(long count)
    {
        if (count <= capacity)
        {
            return;
        }

        capacity = Math.Max(count, capacity * 2);
        CpuBuffer larger = CpuBuffer.Allocate(FieldPadding.Before + capacity + FieldPadding.After);
        new Span<byte>(Data, Count).CopyTo(new Span<byte>((byte*)larger.Address + FieldPadding.Before, Count));
        buffer.Dispose();
        buffer = larger;
    }
}
