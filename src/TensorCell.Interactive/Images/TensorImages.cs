using TensorCell.Interactive.Formatting;
using TensorCell.Tensors;

namespace TensorCell.Interactive;

/// <summary>Shows tensors as pictures.</summary>
public static class TensorImages
{
    /// <summary>
    /// The tensor as a picture, or several side by side: of shape [height, width], [height, width, channels], [channels, height, width], [pictures, height,
    /// width], or four axes with pictures first, where channels are 1 (grey), 3 (red, green, blue) or 4 (and opacity). Pictures larger than 768 pixels, or 128
    /// where there are several, are averaged down; of many, the first 64 are shown. What is not finite is red.
    /// </summary>
    /// <param name="tensor">The tensor; computed if it is pending.</param>
    /// <param name="map">The colours of pictures of one channel: a heat map.</param>
    /// <param name="low">The number shown as black, or the first colour; by default 0 for bytes and for real numbers that are all from 0 to 1, else the least.</param>
    /// <param name="high">The number shown as white, or the last colour; by default 255 or 1, else the greatest.</param>
    /// <param name="channelsFirst">Whether channels stand before height and width rather than after; by default found out by the shape.</param>
    /// <param name="columns">How many pictures stand side by side; 0 chooses.</param>
    /// <exception cref="ArgumentException">No axes of the tensor can be a picture's, it is empty, or the range is.</exception>
    public static TensorImage AsImage(
        this Tensor tensor, ColorMap map = ColorMap.Gray, double? low = null, double? high = null, bool? channelsFirst = null, int columns = 0)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var values = tensor.Detach().Realize();
        if (ImageLayout.Of(values, channelsFirst) is not { } layout || values.Count == 0)
        {
            return Throw.NoPicture(tensor.Shape, channelsFirst);
        }

        if (low >= high || (low ?? high) is { } bound && !double.IsFinite(bound))
        {
            Throw.NoRange(low, high);
        }

        return TensorImage.Of(layout, TensorStatistics.Of(values), map, low, high, columns);
    }
}
