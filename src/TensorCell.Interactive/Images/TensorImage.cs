using System.Globalization;
using TensorCell.Interactive.Formatting;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive;

/// <summary>Pictures made of a tensor by <see cref="TensorImages.AsImage"/>, as a notebook shows them. What the tensor becomes later does not change them.</summary>
public sealed class TensorImage
{
    private readonly ImagePixels pixels;
    private readonly string source;
    private readonly int count;
    private byte[]? png;

    private TensorImage(ImageLayout layout, double low, double high, ColorMap map, bool isScaled, int columns)
    {
        (Low, High, Map, IsScaled) = (low, high, map, isScaled);
        count = layout.Count;
        source = $"{layout.Source.DType.Name} {layout.Source.Shape}";
        pixels = ImagePixels.Draw(layout, low, high, map, columns);
    }

    /// <summary>Pixels of a row, of all pictures side by side.</summary>
    public int Width => pixels.Width;

    /// <summary>Rows of pixels.</summary>
    public int Height => pixels.Height;

    /// <summary>The number shown as black, or as the colour map's first colour.</summary>
    public double Low { get; }

    /// <summary>The number shown as white, or as the colour map's last colour.</summary>
    public double High { get; }

    /// <summary>The colours of pictures of one channel.</summary>
    public ColorMap Map { get; }

    /// <summary>Whether black and white are other numbers than their type's usual ones.</summary>
    internal bool IsScaled { get; }

    /// <summary>How many times as large as they are the pixels of small pictures are shown.</summary>
    internal int Zoom => Math.Max(1, (pixels.Shown == 1 ? 256 : 64) / Math.Max(1, pixels.Side));

    /// <summary>The picture as a PNG file.</summary>
    public byte[] ToPng() => [.. Png];

    /// <summary>Writes the picture as a PNG file, all or nothing: what was there before stays until the new file is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    public void Save(string path) => AtomicFile.Write(path, stream => stream.Write(Png));

    /// <summary>What it is, in words.</summary>
    public override string ToString() =>
        $"{(count == 1 ? "image" : pixels.Shown < count ? $"{pixels.Shown} of {count:N0} images" : $"{count} images")}, {Width} × {Height} pixels, of {source}"
        + (IsScaled ? string.Create(CultureInfo.InvariantCulture, $", from {Low:G5} to {High:G5}") : "");

    /// <summary>The PNG file, not to be changed.</summary>
    internal byte[] Png => png ??= PngImage.Encode(pixels.Bytes, Width, Height);

    /// <summary>Pictures of a tensor.</summary>
    /// <param name="layout">Which axes are which.</param>
    /// <param name="statistics">What its values are.</param>
    /// <param name="map">The colours of a single channel.</param>
    /// <param name="low">The number shown as black; null chooses.</param>
    /// <param name="high">The number shown as white; null chooses.</param>
    /// <param name="columns">How many stand side by side; 0 chooses.</param>
    internal static TensorImage Of(
        ImageLayout layout, TensorStatistics statistics, ColorMap map = ColorMap.Gray, double? low = null, double? high = null, int columns = 0)
    {
        var usual = UsualRange(layout, statistics);
        (double Low, double High) range = usual is { } known && map == ColorMap.Gray ? known
            : statistics.Count == 0 ? (0, 1)
            : map == ColorMap.Diverging ? AroundZero(statistics)
            : (statistics.Least, statistics.Greatest);
        var chosen = (Low: low ?? range.Low, High: high ?? range.High);
        return new TensorImage(layout, chosen.Low, chosen.High, map, chosen != usual || map != ColorMap.Gray, columns);
    }

    private static (double Low, double High) AroundZero(TensorStatistics statistics)
    {
        var greatest = Math.Max(Math.Abs(statistics.Least), Math.Abs(statistics.Greatest));
        return (-greatest, greatest);
    }

    /// <summary>What black and white are for the type, if the values are in that range.</summary>
    private static (double Low, double High)? UsualRange(ImageLayout layout, TensorStatistics statistics)
    {
        var white = layout.Source.DType == DType.Bool || layout.Source.DType.IsFloatingPoint ? 1 : byte.MaxValue;
        return statistics.Least >= 0 && statistics.Greatest <= white ? (0, white) : null;
    }
}
