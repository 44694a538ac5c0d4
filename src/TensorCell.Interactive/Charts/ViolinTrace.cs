namespace TensorCell.Interactive;

/// <summary>The estimated density of a sample (Gaussian kernel, Silverman's bandwidth) on both sides of a small box.</summary>
/// <param name="Values">The sample.</param>
public sealed record ViolinTrace(ChartValues Values) : Trace
{
    /// <summary>Whether the violin lies along the horizontal axis.</summary>
    public bool Horizontal { get; init; }
}
