namespace TensorCell.Interactive;

/// <summary>A range of numbers and the colours that stand for it.</summary>
internal sealed record ColorScale(double Low, double High, string[] Colors)
{
    /// <summary>The scale over the finite values; around zero when it diverges.</summary>
    public static ColorScale Of(ReadOnlySpan<double> values, bool diverging)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in values)
        {
            if (double.IsFinite(value))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        (low, high) = low > high ? (0, 1) : (Math.Max(low, -1e300), Math.Min(high, 1e300));
        if (diverging)
        {
            high = Math.Max(Math.Abs(low), Math.Abs(high));
            low = -high;
        }

        if (!(high > low))
        {
            high = low + Math.Max(Math.Abs(low) * 1e-3, 1);
        }

        return new ColorScale(low, high, diverging ? Palette.Diverging : Palette.Sequential);
    }

    /// <summary>The colour of a number.</summary>
    public string At(double value) => Palette.At(Colors, (value - Low) / (High - Low));
}

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
        foreach (var tick in Ticks.Linear(scale.Low, scale.High, Math.Max(2, (int)(frame.Height / 50)), null))
        {
            var place = frame.Top + frame.Height - ((tick.Value - scale.Low) / (scale.High - scale.Low) * frame.Height);
            svg.Text(left + 17, place + 4, tick.Label, "class=\"soft\" font-size=\"11\"");
        }
    }
}
