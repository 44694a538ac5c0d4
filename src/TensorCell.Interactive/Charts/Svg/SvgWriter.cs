using System.Globalization;
using System.Net;
using System.Text;

namespace TensorCell.Interactive;

/// <summary>Writes SVG elements; every coordinate it writes is finite and every text is encoded.</summary>
internal sealed class SvgWriter
{
    private const double Farthest = 20_000;
    private readonly StringBuilder text = new();

    /// <summary>A coordinate as SVG writes it, to a hundredth of a pixel.</summary>
    public static string Number(double value)
    {
        var bounded = double.IsNaN(value) ? 0 : Math.Clamp(value, -Farthest, Farthest);
        var written = bounded.ToString("0.##", CultureInfo.InvariantCulture);
        return written == "-0" ? "0" : written;
    }

    /// <summary>Text that XML takes: encoded, and without the characters it forbids.</summary>
    public static string Encode(string value)
    {
        var clean = value;
        if (!value.All(IsAllowed))
        {
            clean = string.Concat(value.Select(character => IsAllowed(character) ? character : '\uFFFD'));
        }

        return WebUtility.HtmlEncode(clean);
    }

    /// <summary>The width of text in pixels, as system fonts usually set it.</summary>
    public static double WidthOf(string value, double size)
    {
        double width = 0;
        foreach (var character in value)
        {
            width += character switch
            {
                'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or 'I' => 0.29,
                'f' or 't' or 'r' or '(' or ')' or ' ' or '-' => 0.36,
                'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.87,
                >= 'A' and <= 'Z' => 0.67,
                > '\u2E80' => 1.0,
                _ => 0.56,
            };
        }

        return width * size * 1.08;
    }

    /// <summary>The text, cut with an ellipsis when it is wider than a number of pixels.</summary>
    public static string Fit(string value, double size, double width)
    {
        if (WidthOf(value, size) <= width)
        {
            return value;
        }

        var length = value.Length;
        while (length > 1 && WidthOf(value[..length] + "…", size) > width)
        {
            length--;
        }

        return (length > 1 && char.IsHighSurrogate(value[length - 1]) ? value[..(length - 1)] : value[..length]) + "…";
    }

    public void Raw(string markup) => text.Append(markup).Append('\n');

    public void Line(double x1, double y1, double x2, double y2, string attributes) =>
        Raw($"<line x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\" {attributes}/>");

    public void Rectangle(double x, double y, double width, double height, string attributes) =>
        Raw($"<rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(Math.Max(width, 0))}\" height=\"{Number(Math.Max(height, 0))}\" {attributes}/>");

    public void Circle(double x, double y, double radius, string attributes) =>
        Raw($"<circle cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\" {attributes}/>");

    public void Text(double x, double y, string value, string attributes) =>
        Raw($"<text x=\"{Number(x)}\" y=\"{Number(y)}\" {attributes}>{Encode(value)}</text>");

    /// <summary>A run of connected points.</summary>
    public void Path(IEnumerable<(double X, double Y)> points, bool closed, string attributes)
    {
        var start = text.Length;
        text.Append("<path d=\"");
        var command = 'M';
        foreach (var (x, y) in points)
        {
            text.Append(command).Append(Number(x)).Append(' ').Append(Number(y));
            command = 'L';
        }

        if (command == 'M')
        {
            text.Length = start;
            return;
        }

        text.Append(closed ? "Z\" " : "\" ").Append(attributes).Append("/>\n");
    }

    public override string ToString() => text.ToString();

    private static bool IsAllowed(char character) =>
        character is '\t' or '\n' or '\r' or (>= ' ' and < '\uD800') or (> '\uDFFF' and < '\uFFFE');
}
