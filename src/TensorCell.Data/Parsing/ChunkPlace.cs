namespace TensorCell.Data.Parsing;

/// <summary>Where a chunk lies: its records are those that begin in it.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Begin">Offset of its first byte.</param>
/// <param name="End">Offset after its last byte.</param>
internal readonly record struct ChunkPlace(int Number, long Begin, long End)
{
    /// <summary>How far beyond its end to read at once: most last records end there.</summary>
    public const int Overlap = 4 << 10;

    /// <summary>Where to look from: one byte before, which may end a line, so that a record begins at once.</summary>
    public long Origin => Number == 0 ? Begin : Begin - 1;

    /// <summary>Bytes from <see cref="Origin"/> to its end.</summary>
    public int Limit => (int)(End - Origin);
}
