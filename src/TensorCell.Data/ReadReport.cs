namespace TensorCell.Data;

/// <summary>How a frame was read from a file.</summary>
/// <param name="Source">The file's path, or what else was read.</param>
/// <param name="Bytes">Bytes read.</param>
/// <param name="Rows">Rows that became rows of the frame.</param>
/// <param name="SkippedRows">Bad rows left out, as asked by <see cref="BadRows.Skip"/>.</param>
/// <param name="FirstSkipped">What was wrong with the first of them, at most 100.</param>
/// <param name="Elapsed">Time from opening the file to the finished frame.</param>
public sealed record ReadReport(
    string Source, long Bytes, long Rows, long SkippedRows, IReadOnlyList<ReadException> FirstSkipped, TimeSpan Elapsed)
{
    /// <summary>Bytes a second.</summary>
    public double BytesPerSecond => Elapsed > TimeSpan.Zero ? Bytes / Elapsed.TotalSeconds : 0;
}
