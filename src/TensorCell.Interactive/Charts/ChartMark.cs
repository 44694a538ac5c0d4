namespace TensorCell.Interactive;

/// <summary>A line across the whole plot at one value.</summary>
/// <param name="Value">The value it marks.</param>
/// <param name="Vertical">Whether it marks a value of the horizontal axis.</param>
/// <param name="Label">What it says; null says nothing.</param>
public sealed record ChartMark(double Value, bool Vertical, string? Label);
