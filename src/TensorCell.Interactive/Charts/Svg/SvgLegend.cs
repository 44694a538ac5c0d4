namespace TensorCell.Interactive;

/// <summary>The legend: a row of names under the title, wrapped.</summary>
internal static class SvgLegend
{
    private const int MostEntries = 24;

    /// <summary>Writes it and returns the height below it.</summary>
    public static double Write(SvgWriter svg, Figure figure, double left, double top, double width)
    {
        var x = left;
        var entries = FigureLegend.Entries(figure).ToArray();
        foreach (var (trace, index) in entries.Take(MostEntries))
        {
            var name = SvgWriter.Fit(trace.Name!, 12, Math.Min(220, width - 24));
            var needed = 20 + SvgWriter.WidthOf(name, 12) + 16;
            if (x > left && x + needed > left + width)
            {
                x = left;
                top += 20;
            }

            var color = SvgWriter.Encode(Palette.Of(trace, index));
            if (trace is ScatterTrace { Mode: not ScatterMode.Markers } line)
            {
                var dash = line.Dashed ? " stroke-dasharray=\"4 3\"" : "";
                svg.Line(x, top + 8, x + 15, top + 8, $"stroke=\"{color}\" stroke-width=\"2.5\"{dash}");
            }
            else if (trace is ScatterTrace)
            {
                svg.Circle(x + 7, top + 8, 4.5, $"fill=\"{color}\"");
            }
            else
            {
                svg.Rectangle(x + 1, top + 2, 12, 12, $"rx=\"2.5\" fill=\"{color}\"");
            }

            svg.Text(x + 20, top + 12, name, "class=\"ink\" font-size=\"12\"");
            x += needed;
        }

        if (entries.Length > MostEntries)
        {
            svg.Text(x, top + 12, $"and {entries.Length - MostEntries} more", "class=\"soft\" font-size=\"12\"");
        }

        return top + 22;
    }
}
