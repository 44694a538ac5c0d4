namespace TensorCell.Tensors.Autograd;

/// <summary>What a slice takes of one axis of its input.</summary>
/// <param name="Start">The first element.</param>
/// <param name="Count">How many elements.</param>
/// <param name="Step">From one to the next; negative runs backwards.</param>
/// <param name="IsDropped">Whether the axis goes, as for a single index.</param>
public readonly record struct SlicePart(int Start, int Count, int Step, bool IsDropped);
