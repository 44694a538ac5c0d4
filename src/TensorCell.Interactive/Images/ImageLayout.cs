using TensorCell.Interactive.Formatting;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive;

/// <summary>A tensor seen as pictures: of shape [pictures, height, width, channels].</summary>
/// <param name="Pixels">The tensor, or a view of it, of that shape.</param>
/// <param name="Source">The tensor it was made of.</param>
internal sealed record ImageLayout(Tensor Pixels, Tensor Source)
{
    private const int LeastSide = 8;
    private const int LeastGraySide = 16;
    private const int GreatestAspect = 8;

    /// <summary>How many pictures there are.</summary>
    public int Count => Pixels.Shape[0];

    /// <summary>How many numbers make a pixel: 1 for grey, 3 for red, green and blue, 4 with opacity.</summary>
    public int Channels => Pixels.Shape[3];

    private int Height => Pixels.Shape[1];

    private int Width => Pixels.Shape[2];

    /// <summary>The pictures of a tensor; null if no axes of it can be channels.</summary>
    /// <param name="tensor">Of two to four axes.</param>
    /// <param name="channelsFirst">Whether channels stand before height and width rather than after; found out if null.</param>
    public static ImageLayout? Of(Tensor tensor, bool? channelsFirst = null)
    {
        var pixels = tensor.Rank switch
        {
            2 => tensor.Unsqueeze(0).Unsqueeze(3),
            3 when Arranged(tensor.Unsqueeze(0), channelsFirst) is { } colored => colored,
            3 when channelsFirst is null => tensor.Unsqueeze(3),
            4 => Arranged(tensor, channelsFirst),
            _ => null,
        };
        return pixels is null ? null : new ImageLayout(pixels, tensor);
    }

    /// <summary>
    /// The pictures of a tensor that is probably meant to be one: bytes of a picture's size and channels, or real numbers from 0 to 1 in three channels; else null.
    /// </summary>
    public static ImageLayout? OfPicture(Tensor tensor, TensorStatistics statistics)
    {
        if (tensor.Count == 0 || Of(tensor) is not { } layout || !layout.IsOfPictureSize)
        {
            return null;
        }

        var isLikely = tensor.DType == DType.UInt8
            ? tensor.Rank != 3 || layout.Channels > 1 || tensor.Shape.Contains(1)
            : tensor.DType.IsFloatingPoint && layout.Channels == 3 && statistics is { NotFinite: 0, Least: >= 0, Greatest: <= 1 }
                && statistics.Greatest > statistics.Least;
        return isLikely ? layout : null;
    }

    private bool IsOfPictureSize
    {
        get
        {
            int least = Math.Min(Height, Width), greatest = Math.Max(Height, Width);
            return least >= (Channels == 1 ? LeastGraySide : LeastSide) && greatest <= (long)least * GreatestAspect;
        }
    }

    // Of four axes; the channels go last. Where either end could be them, they are the end that leaves the larger pictures.
    private static Tensor? Arranged(Tensor tensor, bool? channelsFirst)
    {
        bool canBeFirst = IsChannels(tensor.Shape[1]) && channelsFirst != false, canBeLast = IsChannels(tensor.Shape[3]) && channelsFirst != true;
        if (canBeFirst && canBeLast)
        {
            canBeLast = Math.Min(tensor.Shape[1], tensor.Shape[2]) >= Math.Min(tensor.Shape[2], tensor.Shape[3]);
        }

        return canBeLast ? tensor : canBeFirst ? tensor.Permute(0, 2, 3, 1) : null;
    }

    private static bool IsChannels(int length) => length is 1 or 3 or 4;
}
