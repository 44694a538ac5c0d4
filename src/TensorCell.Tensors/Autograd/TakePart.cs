namespace TensorCell.Tensors.Autograd;

/// <summary>What a take picks.</summary>
/// <param name="Axis">The axis that is indexed.</param>
/// <param name="Given">The tensor of the indices, as it was given; its shape replaces the axis.</param>
public sealed record TakePart(int Axis, Tensor Given);
