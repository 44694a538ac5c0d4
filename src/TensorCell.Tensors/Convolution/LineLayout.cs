namespace TensorCell.Tensors.Convolution;

/// <summary>How finished pixels of one channel lie on a line.</summary>
/// <param name="RowPitch">Places from one row to the next.</param>
/// <param name="ImagePitch">Places from one image to the next.</param>
/// <param name="Longest">The most places of a line.</param>
internal readonly record struct LineLayout(nint RowPitch, nint ImagePitch, nint Longest);
