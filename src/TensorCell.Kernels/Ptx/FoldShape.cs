namespace TensorCell.Kernels.Ptx;

/// <summary>What the code of a pass of a reduction depends on.</summary>
/// <param name="KeptRank">How many dimensions are kept.</param>
/// <param name="ReducedRank">How many dimensions are reduced.</param>
/// <param name="ByGroup">Whether a group folds a result together, or each item folds one alone.</param>
/// <param name="IsFirst">Whether values are folded, or what an earlier pass accumulated.</param>
/// <param name="IsLast">Whether results are written, or what a later pass folds.</param>
internal readonly record struct FoldShape(int KeptRank, int ReducedRank, bool ByGroup, bool IsFirst, bool IsLast);
