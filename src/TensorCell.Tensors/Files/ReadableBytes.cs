namespace TensorCell.Tensors;

/// <summary>Bytes that are read in pieces.</summary>
internal abstract class ReadableBytes
{
    /// <summary>Whether pieces may be read in any order and several at a time; else they are read one after the other.</summary>
    public abstract bool IsRandomAccess { get; }

    /// <summary>Reads the bytes from a place on.</summary>
    /// <param name="offset">Where the first is; where the last piece ended, unless <see cref="IsRandomAccess"/>.</param>
    /// <param name="target">Where they go; filled as far as there are bytes.</param>
    /// <returns>How many there were: less than asked for only at the end.</returns>
    public abstract int Read(long offset, Span<byte> target);
}
