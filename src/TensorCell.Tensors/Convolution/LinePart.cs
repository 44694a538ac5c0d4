namespace TensorCell.Tensors.Convolution;

/// <summary>A block of pixels on a line.</summary>
/// <param name="Block">The pixels.</param>
/// <param name="Place">Where the first of them is.</param>
internal readonly record struct LinePart(PixelBlock Block, nint Place);
