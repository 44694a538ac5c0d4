namespace TensorCell.Tensors.Convolution;

/// <summary>A finished part of a convolution's result, while it is in the nearest cache and before it is stored.</summary>
/// <param name="Address">Its first element. The pixels of a channel are adjacent.</param>
/// <param name="RowBytes">Bytes from one channel's pixels to the next channel's.</param>
/// <param name="Image">Which image.</param>
/// <param name="Channel">The first channel.</param>
/// <param name="Pixel">The first pixel, in row-major order of the result's rows and columns.</param>
/// <param name="Channels">How many channels.</param>
/// <param name="Pixels">How many pixels of each channel.</param>
public readonly record struct FinishedPart(
    nint Address, nint RowBytes, int Image, int Channel, long Pixel, int Channels, int Pixels);
