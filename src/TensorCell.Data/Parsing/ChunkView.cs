namespace TensorCell.Data.Parsing;

/// <summary>One chunk of a file, scanned and ready to be parsed column by column.</summary>
/// <param name="Number">Its number in the file.</param>
/// <param name="Window">Its bytes.</param>
/// <param name="Index">Its rows and fields.</param>
/// <param name="FirstRow">The number of its first row in the frame.</param>
/// <param name="Faults">Where bad values are noted.</param>
/// <param name="Interner">Memory for the texts of one column at a time.</param>
internal readonly record struct ChunkView(
    int Number, ByteWindow Window, RecordIndex Index, int FirstRow, ChunkFaults Faults, TextInterner Interner)
{
    /// <summary>Where a row begins in the source.</summary>
    public unsafe long OffsetOf(int row) => Window.Origin + Index.Starts[row];
}
