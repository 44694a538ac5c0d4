namespace TensorCell.Tensors.Convolution;

/// <summary>A batch of images somewhere in memory, by strides in elements.</summary>
/// <param name="Address">The first element of the first channel of the first image.</param>
/// <param name="ImageStride">From one image to the next.</param>
/// <param name="ChannelStride">From one channel to the next.</param>
/// <param name="RowStride">From one row to the next.</param>
/// <param name="ColumnStride">From one pixel of a row to the next.</param>
internal readonly record struct ImageOperand(nint Address, nint ImageStride, nint ChannelStride, nint RowStride, nint ColumnStride)
{
    /// <summary>Images without gaps, channel by channel and row by row.</summary>
    public static ImageOperand Of(nint address, int channels, Size2 size) =>
        new(address, channels * (nint)size.Area, (nint)size.Area, size.Width, 1);

    /// <summary>The images from a pixel on.</summary>
    public ImageOperand At(int image, int channel, int row, int column, int elementSize) => this with
    {
        Address = Address + (((image * ImageStride) + (channel * ChannelStride) + (row * RowStride) + (column * ColumnStride)) * elementSize),
    };

    /// <summary>Every so manieth row and column, from a place on.</summary>
    public ImageOperand Every(int row, int column, Size2 stride, int elementSize) => this with
    {
        Address = Address + (((row * RowStride) + (column * ColumnStride)) * elementSize),
        RowStride = stride.Height * RowStride,
        ColumnStride = stride.Width * ColumnStride,
    };

    /// <summary>Whether each row of so many pixels begins where the one before ends.</summary>
    public bool HasAdjacentRows(int width) => ColumnStride == 1 && RowStride == width;
}
