namespace TensorCell.Kernels.Ir;

/// <summary>
/// What a grid program does at one place of its order: everything that is not a pure value. Pure values are nodes, and belong to no
/// place: a back end computes them where <see cref="Passes.Placement"/> puts them.
/// </summary>
internal abstract class Statement;
