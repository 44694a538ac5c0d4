namespace TensorCell.Tensors.Autograd;

/// <summary>What a running total runs along.</summary>
/// <param name="Axis">The axis, from 0.</param>
/// <param name="IsReversed">Whether it runs from the end of the axis to its beginning.</param>
public sealed record CumulativePart(int Axis, bool IsReversed);
