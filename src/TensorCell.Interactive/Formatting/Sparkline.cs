using System.Text;

namespace TensorCell.Interactive.Formatting;

/// <summary>A histogram small enough for a table's header.</summary>
internal static class Sparkline
{
    private const int Width = 84;
    private const int Height = 22;

    /// <summary>An image element with a bar for each count.</summary>
    public static string Bars(IReadOnlyList<int> counts)
    {
        var most = Math.Max(counts.Max(), 1);
        var step = (double)Width / counts.Count;
        var svg = new StringBuilder($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" fill=\"#3b7dd8\">");
        for (var i = 0; i < counts.Count; i++)
        {
            if (counts[i] > 0)
            {
                var height = Math.Max(1, counts[i] * (double)Height / most);
                svg.Append($"<rect x=\"{SvgWriter.Number(i * step)}\" y=\"{SvgWriter.Number(Height - height)}\" width=\"{SvgWriter.Number(Math.Max(step - 0.6, 0.5))}\" height=\"{SvgWriter.Number(height)}\"/>");
            }
        }

        return Html.Picture(svg.Append("</svg>").ToString(), "distribution");
    }
}
