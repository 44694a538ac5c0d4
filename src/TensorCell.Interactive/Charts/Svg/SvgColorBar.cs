namespace TensorCell.Interactive;

/// <summary>The colour bar beside a plot.</summary>
internal static class SvgColorBar
{
    private const double LeastWidth = 72;
    private const double LongestLabel = 130;
    private const double BarWidth = 12;
    private const double Gap = 18;
    private const double OffScaleHeight = 22;
    private const double LabelSize = 11;

    /// <summary>The room that it takes at the right of a plot, beside the margin that every plot has.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="height">About how high the plot is.</param>
    public static double WidthOf(ColorScale scale, double height)
    {
        var widest = TicksOf(scale, height).Select(tick => tick.Label).Append(scale.OffScale ?? "").Max(label => SvgWriter.WidthOf(label, LabelSize));
        return Math.Max(LeastWidth, Gap + BarWidth + 8 + Math.Min(widest, LongestLabel));
    }

    public static void Write(SvgWriter svg, ColorScale scale, SvgFrame frame)
    {
        var stops = string.Concat(scale.Colors.Select((color, i) =>
            $"<stop offset=\"{SvgWriter.Number(i / (scale.Colors.Length - 1.0))}\" stop-color=\"{color}\"/>"));
        svg.Raw($"<linearGradient id=\"scale\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">{stops}</linearGradient>");
        var left = frame.Left + frame.Width + Gap;
        var height = Math.Max(frame.Height - (scale.OffScale is null ? 0 : OffScaleHeight), BarWidth);
        svg.Rectangle(left, frame.Top, BarWidth, height, "rx=\"3\" fill=\"url(#scale)\"");
        foreach (var tick in TicksOf(scale, height))
        {
            Label(svg, left, frame.Top + height - ((tick.Value - scale.Low) / (scale.High - scale.Low) * height), tick.Label);
        }

        if (scale.OffScale is { } offScale)
        {
            Hatch(svg, left, frame.Top + frame.Height - BarWidth, BarWidth, BarWidth);
            Label(svg, left, frame.Top + frame.Height - (BarWidth / 2), offScale);
        }
    }

    /// <summary>Writes, once in a picture, what <see cref="Hatch"/> fills with.</summary>
    public static void DefineHatch(SvgWriter svg) => svg.Raw(
        "<pattern id=\"off-scale\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">" +
        $"<rect width=\"6\" height=\"6\" fill=\"{Palette.OffScale}\"/><rect width=\"1.5\" height=\"6\" fill=\"#ffffff\"/></pattern>");

    /// <summary>A rectangle of what the scale has no colour for.</summary>
    public static void Hatch(SvgWriter svg, double x, double y, double width, double height) =>
        svg.Rectangle(x, y, width, height, "fill=\"url(#off-scale)\"");

    private static List<Tick> TicksOf(ColorScale scale, double height) => [.. Ticks.Linear(scale.Low, scale.High, Math.Max(2, (int)(height / 36)), null)];

    private static void Label(SvgWriter svg, double left, double middle, string label) =>
        svg.Text(left + BarWidth + 5, middle + 4, SvgWriter.Fit(label, LabelSize, LongestLabel), "class=\"soft\" font-size=\"11\"");
}
