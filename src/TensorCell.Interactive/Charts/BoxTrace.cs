namespace TensorCell.Interactive;

/// <summary>A box from the first to the third quartile with the median, whiskers to 1.5 interquartile ranges (Tukey), and outliers.</summary>
/// <param name="Values">The sample.</param>
public sealed record BoxTrace(ChartValues Values) : Trace
{
    /// <summary>Whether the box lies along the horizontal axis.</summary>
    public bool Horizontal { get; init; }

    /// <summary>Whether every value is shown beside the box, not only outliers.</summary>
    public bool ShowPoints { get; init; }
}
