namespace TensorCell.Tensors.Autograd;

/// <summary>What a padding adds.</summary>
/// <param name="Widths">How many elements before and after those of each axis.</param>
/// <param name="Mode">What they are.</param>
public sealed record PadPart(IReadOnlyList<(int Before, int After)> Widths, PadMode Mode);
