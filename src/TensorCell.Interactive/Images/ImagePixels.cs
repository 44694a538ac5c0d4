using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive;

/// <summary>Draws pictures of a tensor into RGBA pixels, side by side where there are several.</summary>
internal sealed class ImagePixels
{
    private const int GreatestPicture = 768;
    private const int GreatestTile = 128;
    private const int GreatestGrid = 1024;
    private const int MostTiles = 64;
    private const int Gap = 2;

    /// <summary>How many values each pixel may be the mean of along an axis; beyond, some are passed over.</summary>
    private const int MostAveraged = 4;

    // What numbers that are not finite are shown as: the red that says so in tables too.
    private static readonly byte[] bad = [0xE0, 0x43, 0x4F];

    private readonly double low;
    private readonly double scale;
    private readonly byte[]? colors;

    private ImagePixels(double low, double high, ColorMap map)
    {
        this.low = low;
        scale = high > low ? byte.MaxValue / (high - low) : 0;
        colors = map == ColorMap.Gray ? null : ColorsOf(map);
    }

    /// <summary>Four bytes a pixel, rows from the top.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>Pixels of a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>How many pictures are shown.</summary>
    public required int Shown { get; init; }

    /// <summary>The longest side of each picture.</summary>
    public required int Side { get; init; }

    /// <summary>Draws the pictures, those of them that there is place for.</summary>
    /// <param name="layout">The pictures.</param>
    /// <param name="low">The number shown as black, or the map's first colour.</param>
    /// <param name="high">The number shown as white, or the map's last colour.</param>
    /// <param name="map">The colours of a single channel.</param>
    /// <param name="columns">How many pictures stand side by side; 0 chooses.</param>
    public static ImagePixels Draw(ImageLayout layout, double low, double high, ColorMap map, int columns = 0)
    {
        var shown = Math.Min(layout.Count, MostTiles);
        columns = Math.Clamp(columns > 0 ? columns : (int)Math.Ceiling(Math.Sqrt(shown)), 1, shown);
        var greatest = shown == 1 ? GreatestPicture : Math.Min(GreatestTile, GreatestGrid / columns);
        var pictures = Reduce(layout.Pixels.Slice(0, ..shown), greatest);
        int height = pictures.Shape[1], width = pictures.Shape[2], rows = (shown + columns - 1) / columns;
        var pixels = new ImagePixels(low, high, map)
        {
            Width = (columns * (width + Gap)) - Gap,
            Height = (rows * (height + Gap)) - Gap,
            Bytes = new byte[4 * ((columns * (width + Gap)) - Gap) * ((rows * (height + Gap)) - Gap)],
            Shown = shown,
            Side = Math.Max(height, width),
        };
        var values = pictures.To(DType.Float32).ToArray<float>();
        for (var picture = 0; picture < shown; picture++)
        {
            var size = height * width * layout.Channels;
            pixels.Paint(
                values.AsSpan(picture * size, size), layout.Channels, width, (picture % columns) * (width + Gap), picture / columns * (height + Gap));
        }

        return pixels;
    }

    /// <summary>Pictures of at most so many pixels along each side, each the mean of a block of theirs.</summary>
    private static Tensor Reduce(Tensor pixels, int greatest)
    {
        var block = (Math.Max(pixels.Shape[1], pixels.Shape[2]) + greatest - 1) / greatest;
        var stride = (block + MostAveraged - 1) / MostAveraged;
        pixels = pixels.Slice(1, .., stride).Slice(2, .., stride);
        block = (Math.Max(pixels.Shape[1], pixels.Shape[2]) + greatest - 1) / greatest;
        if (block == 1)
        {
            return pixels;
        }

        int down = Math.Min(block, pixels.Shape[1]), across = Math.Min(block, pixels.Shape[2]);
        int height = pixels.Shape[1] / down, width = pixels.Shape[2] / across;
        return pixels.Slice(1, ..(height * down)).Slice(2, ..(width * across)).To(DType.Float32)
            .Reshape(pixels.Shape[0], height, down, width, across, pixels.Shape[3]).Mean([2, 4]);
    }

    private static byte[] ColorsOf(ColorMap map)
    {
        var scale = map == ColorMap.Diverging ? Palette.Diverging : Palette.Sequential;
        return [.. Enumerable.Range(0, 256).SelectMany(value => Convert.FromHexString(Palette.At(scale, value / 255.0).AsSpan(1)))];
    }

    private void Paint(ReadOnlySpan<float> values, int channels, int width, int left, int top)
    {
        for (var i = 0; i < values.Length / channels; i++)
        {
            Paint(values.Slice(i * channels, channels), Bytes.AsSpan(4 * (((top + (i / width)) * Width) + left + (i % width)), 4));
        }
    }

    private void Paint(ReadOnlySpan<float> value, Span<byte> pixel)
    {
        pixel[3] = byte.MaxValue;
        foreach (var channel in value)
        {
            if (!float.IsFinite(channel))
            {
                bad.CopyTo(pixel);
                return;
            }
        }

        if (value.Length > 1)
        {
            for (var channel = 0; channel < value.Length; channel++)
            {
                pixel[channel] = Level(value[channel]);
            }
        }
        else if (colors is null)
        {
            pixel[..3].Fill(Level(value[0]));
        }
        else
        {
            colors.AsSpan(3 * Level(value[0]), 3).CopyTo(pixel);
        }
    }

    private byte Level(float value) => (byte)Math.Clamp(((value - low) * scale) + 0.5, 0, byte.MaxValue);
}
