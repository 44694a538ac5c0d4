namespace TensorCell.Data;

/// <summary>How far the reading of a file has come.</summary>
/// <param name="Bytes">Bytes parsed so far.</param>
/// <param name="TotalBytes">Bytes of the file.</param>
/// <param name="Rows">Rows found so far.</param>
/// <param name="Elapsed">Time since the start.</param>
public readonly record struct ReadProgress(long Bytes, long TotalBytes, long Rows, TimeSpan Elapsed)
{
    /// <summary>The share done, 0 to 1.</summary>
    public double Fraction => TotalBytes == 0 ? 1 : Math.Min(1, (double)Bytes / TotalBytes);

    /// <summary>Bytes a second.</summary>
    public double BytesPerSecond => Elapsed > TimeSpan.Zero ? Bytes / Elapsed.TotalSeconds : 0;
}
