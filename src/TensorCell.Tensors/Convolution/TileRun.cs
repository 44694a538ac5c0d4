namespace TensorCell.Tensors.Convolution;

/// <summary>Adjacent tiles in one row of tiles of an image.</summary>
/// <param name="Image">Which image.</param>
/// <param name="Row">Which row of tiles.</param>
/// <param name="First">The first tile.</param>
/// <param name="Count">How many.</param>
/// <param name="Place">How many tiles of the block went before.</param>
internal readonly record struct TileRun(int Image, int Row, int First, int Count, int Place);
