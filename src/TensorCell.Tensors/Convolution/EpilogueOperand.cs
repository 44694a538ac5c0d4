namespace TensorCell.Tensors.Convolution;

/// <summary>What an epilogue reads or stores at the pixels of a convolution's result.</summary>
/// <param name="Role">What it is to the convolution.</param>
/// <param name="ElementSize">Bytes per element.</param>
/// <param name="Images">Where its elements are, by channel or pixel.</param>
/// <param name="Result">Which of the results it is.</param>
internal readonly record struct EpilogueOperand(EpilogueRole Role, int ElementSize, ImageOperand Images = default, int Result = 0)
{
    /// <summary>What is read from memory at every pixel: where images share their channels' elements, once for a channel.</summary>
    public static EpilogueOperand Of(int elementSize, ImageOperand images) => new(
        images is { ImageStride: 0, RowStride: 0, ColumnStride: 0 } ? EpilogueRole.Channel : EpilogueRole.Pixels, elementSize, images);

    /// <summary>Whether rows of so many pixels are as one.</summary>
    public bool CanFlatten(int width) => Role != EpilogueRole.Pixels || Images.RowStride == width * Images.ColumnStride;

    /// <summary>Where the element of a pixel is.</summary>
    public nint Address(int image, int channel, int row, int column) => Images.Address
        + (((image * Images.ImageStride) + (channel * Images.ChannelStride) + (row * Images.RowStride) + (column * Images.ColumnStride)) * ElementSize);
}
