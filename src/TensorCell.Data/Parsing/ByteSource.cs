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

    public virtual void Dispose()
    {
    }
}
