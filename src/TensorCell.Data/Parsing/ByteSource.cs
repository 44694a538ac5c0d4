namespace TensorCell.Data.Parsing;

/// <summary>Bytes of known length that any thread reads at any place.</summary>
internal abstract class ByteSource : IDisposable
{
    /// <summary>What errors call it: the file's path as it was given.</summary>
    public abstract string Name { get; }

    /// <summary>What they are read as.</summary>
    public SourceFormat Format { get; init; }

    /// <summary>Number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads bytes at an offset until the buffer is full or the source ends.</summary>
    /// <returns>The number of bytes read.</returns>
    public abstract int Read(long offset, Span<byte> buffer);

    /// <summary>The offset at which the text begins, after a byte-order mark.</summary>
    /// <exception cref="ReadException">The mark is that of UTF-16.</exception>
    public long FindTextStart()
    {
        Span<byte> start = stackalloc byte[3];
        start = start[..Read(0, start)];
        if (start.StartsWith<byte>([0xFE, 0xFF]) || start.StartsWith<byte>([0xFF, 0xFE]))
        {
            throw Throw.Read(this, 0, null, "found UTF-16 by its byte-order mark; expected UTF-8");
        }

        return start.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? 3 : 0;
    }

    public virtual void Dispose()
    {
    }
}
