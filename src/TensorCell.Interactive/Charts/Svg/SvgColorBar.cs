namespace TensorCell.Interactive;

/// <summary>The colour bar beside a plot.</summary>
internal static class SvgColorBar
{
    public const double Width = 72;

    public static void Write(SvgWriter svg, ColorScale scale, SvgFrame frame)
    {
        var stops = string.Concat(scale.Colors.Select((color, i) =>
            $"<stop offset=\"{SvgWriter.Number(i / (scale.Colors.Length - 1.0))}\" stop-color=\"{color}\"/>"));
        svg.Raw($"<linearGradient id=\"scale\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">{stops}</linearGradient>");
        var left = frame.Left + frame.Width + 18;
        svg.Rectangle(left, frame.Top, 12, frame.Height, "rx=\"3\" fill=\"url(#scale)\"");
        foreach (var tick in Ticks.Linear(scale.Low, scale.High, Math.Max(2, (int)(frame.Height / 36)), null))
        {
            var place = frame.Top + frame.Height - ((tick.Value - scale.Low) / (scale.High - scale.Low) * frame.Height);
            svg.Text(left + 17, place + 4, tick.Label, "class=\"soft\" font-size=\"11\"");
        }
    }
}
