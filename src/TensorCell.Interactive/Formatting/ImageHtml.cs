using System.Globalization;

namespace TensorCell.Interactive.Formatting;

/// <summary>Pictures made of tensors.</summary>
internal static class ImageHtml
{
    private const int LegendWidth = 160;
    private const int LegendHeight = 10;

    public static string Write(TensorImage image) => Html.Output(Html.Note(image.ToString()), Picture(image));

    /// <summary>The picture, and the colours' meaning where they have one.</summary>
    public static string Picture(TensorImage image)
    {
        var zoom = image.Zoom > 1 ? ";image-rendering:pixelated" : "";
        var picture = $"<img alt=\"{Html.Encode(image.ToString())}\" width=\"{image.Width * image.Zoom}\" style=\"border-radius:2px{zoom}\" src=\"{Data(image.Png)}\">";
        return image.Map == ColorMap.Gray ? picture : picture + Legend(image);
    }

    private static string Legend(TensorImage image)
    {
        var colors = image.Map == ColorMap.Diverging ? Palette.Diverging : Palette.Sequential;
        var pixels = new byte[4 * LegendWidth];
        for (var x = 0; x < LegendWidth; x++)
        {
            Convert.FromHexString(Palette.At(colors, x / (LegendWidth - 1.0)).AsSpan(1)).CopyTo(pixels, 4 * x);
            pixels[(4 * x) + 3] = byte.MaxValue;
        }

        var bar = Data(PngImage.Encode(pixels, LegendWidth, 1));
        return $"<div style=\"display:flex;align-items:center;gap:6px\">{Number(image.Low)}<img alt=\"to\" width=\"{LegendWidth}\" style=\"height:{LegendHeight}px\" src=\"{bar}\">{Number(image.High)}</div>";
    }

    private static string Number(double value) => $"<span class=\"s\">{Html.Encode(value.ToString("G4", CultureInfo.InvariantCulture))}</span>";

    private static string Data(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";
}
