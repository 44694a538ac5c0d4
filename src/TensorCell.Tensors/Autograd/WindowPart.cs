namespace TensorCell.Tensors.Autograd;

/// <summary>What windows slide along.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Length">The length of a window.</param>
/// <param name="Step">From one to the next.</param>
public readonly record struct WindowPart(int Axis, int Length, int Step);
