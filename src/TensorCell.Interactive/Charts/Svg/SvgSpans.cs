namespace TensorCell.Interactive;

/// <summary>Stretches of time in rows.</summary>
internal sealed class SvgSpans(SpanTrace trace, string color) : SvgTrace
{
    private const double TextSize = 11;
    private const double Hair = 0.6;
    private readonly List<(double Row, double Start, double Length, int Index)> spans = [];

    public override void Include(SvgAxis x, SvgAxis y)
    {
        var count = Math.Min(trace.Rows.Count, Math.Min(trace.Starts.Numbers.Length, trace.Lengths.Numbers.Length));
        for (var i = 0; i < count; i++)
        {
            var (row, start, length) = (y.Place(trace.Rows, i), x.Place(trace.Starts, i), trace.Lengths.Numbers[i]);
            if (double.IsFinite(row) && double.IsFinite(start) && double.IsFinite(length))
            {
                spans.Add((row, start, length, i));
                x.Include(start);
                x.Include(start + length);
                y.Include(row);
            }
        }
    }

    public override void Draw(SvgWriter svg, SvgAxis x, SvgAxis y)
    {
        var height = Math.Clamp(y.Scale * 0.78, 1, 26);
        svg.Raw($"<g fill=\"{color}\">");
        foreach (var span in spans)
        {
            var (from, to) = (x.Map(span.Start), x.Map(span.Start + span.Length));
            var width = Math.Max(Math.Abs(to - from), Hair);
            svg.Rectangle(Math.Min(from, to), y.Map(span.Row) - (height / 2), width, height, width > 6 ? "rx=\"2\"" : "");
        }

        svg.Raw("</g>");
        foreach (var span in spans)
        {
            var (from, to) = (x.Map(span.Start), x.Map(span.Start + span.Length));
            if (trace.Labels is { } labels && span.Index < labels.Count && height > TextSize + 1)
            {
                // Of what does not fit, the beginning alone says too little.
                var text = SvgWriter.Fit(labels.Text(span.Index), TextSize, Math.Abs(to - from) - 6);
                if (text.Length > 4 || !text.EndsWith('…'))
                {
                    Write(svg, text, (from + to) / 2, y.Map(span.Row) + 4, Math.Abs(to - from));
                }
            }
        }
    }

    private static void Write(SvgWriter svg, string text, double x, double y, double width)
    {
        if (SvgWriter.WidthOf(text, TextSize) < width)
        {
            svg.Text(x, y, text, "fill=\"#fff\" font-size=\"11\" text-anchor=\"middle\"");
        }
    }
}
