namespace TensorCell.Tensors.Convolution;

/// <summary>A block of a sliding product's result: pixels of all channels of a group.</summary>
/// <param name="Image">The first image.</param>
/// <param name="Images">How many images.</param>
/// <param name="Group">Which group.</param>
/// <param name="Row">The first row.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Column">The first column.</param>
/// <param name="Columns">How many columns.</param>
internal readonly record struct PixelBlock(int Image, int Images, int Group, int Row, int Rows, int Column, int Columns);
