namespace TensorCell.Tensors.Convolution;

/// <summary>One place that a filter reads, for each pixel of the result and each channel.</summary>
/// <param name="Row">Rows from where the pixel's step has come to; may be negative.</param>
/// <param name="Column">Columns from there.</param>
/// <param name="Weight">Where its weight is, in elements from the first of a filter's channel.</param>
internal readonly record struct Tap(int Row, int Column, nint Weight);
