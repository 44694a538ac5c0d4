namespace TensorCell.Tensors.Autograd;

/// <summary>What was put in order, or chosen by order.</summary>
/// <param name="Axis">The axis of the lines, from 0.</param>
/// <param name="IsDescending">Whether the greatest comes first.</param>
/// <param name="Count">How many elements of each line were chosen: all of them by a sort.</param>
public sealed record OrderPart(int Axis, bool IsDescending, int Count);
