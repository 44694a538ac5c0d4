namespace TensorCell.Tensors.Autograd;

/// <summary>What a reduction folds.</summary>
/// <param name="Axes">The axes, from 0, ascending.</param>
/// <param name="KeepDims">Whether they stay with length 1.</param>
public sealed record ReductionPart(int[] Axes, bool KeepDims);
