namespace TensorCell.Tensors.Autograd;

/// <summary>What a norm folds, and how.</summary>
/// <param name="Order">The power of the elements that is summed up.</param>
/// <param name="Axes">The axes, from 0, ascending.</param>
/// <param name="KeepDims">Whether they stay with length 1.</param>
public sealed record NormPart(double Order, int[] Axes, bool KeepDims);
