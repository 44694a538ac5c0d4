namespace TensorCell.Interactive;

/// <summary>A short text at a point of the plot.</summary>
/// <param name="X">Where, in the horizontal axis' values; for category names, the category's number from 0.</param>
/// <param name="Y">Where, in the vertical axis' values; for category names, the category's number from 0.</param>
/// <param name="Text">What it says.</param>
public sealed record ChartAnnotation(double X, double Y, string Text);
