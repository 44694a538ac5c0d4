namespace TensorCell.Tensors.Autograd;

/// <summary>What a take picks.</summary>
/// <param name="Axis">The axis that is indexed.</param>
/// <param name="Indices">Positions along it, none negative, in row-major order of <paramref name="Shape"/>.</param>
/// <param name="Shape">The shape of the indices, which replaces the axis.</param>
public sealed record TakePart(int Axis, long[] Indices, Shape Shape);
