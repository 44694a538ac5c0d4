namespace TensorCell.Interactive;

/// <summary>How many values fall into each of equally wide bins.</summary>
/// <param name="Values">The sample.</param>
public sealed record HistogramTrace(ChartValues Values) : Trace
{
    /// <summary>How many bins at most; null chooses by the sample (Freedman-Diaconis).</summary>
    public int? Bins { get; init; }
}
