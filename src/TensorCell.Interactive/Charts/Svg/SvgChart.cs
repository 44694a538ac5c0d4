namespace TensorCell.Interactive;

/// <summary>Draws a figure as one SVG picture that needs nothing else.</summary>
internal static class SvgChart
{
    private const double Gap = 14;

    public static string Write(Figure figure)
    {
        var layout = figure.Layout;
        var svg = new SvgWriter();
        double width = layout.Width, height = layout.Height;
        svg.Raw(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {layout.Width} {layout.Height}\" width=\"{layout.Width}\" " +
            $"height=\"{layout.Height}\" role=\"img\" aria-labelledby=\"title description\">");
        svg.Raw($"<title id=\"title\">{SvgWriter.Encode(layout.Title ?? "Chart")}</title>");
        svg.Raw($"<desc id=\"description\">{SvgWriter.Encode(figure.ToString())}</desc>");
        svg.Raw(SvgStyle.Sheet);
        svg.Rectangle(0.5, 0.5, width - 1, height - 1, "rx=\"8\" class=\"ground\"");

        var top = Gap;
        if (layout.Title is { Length: > 0 } title)
        {
            svg.Text(Gap + 2, top + 14, SvgWriter.Fit(title, SvgStyle.TitleSize * 1.12, width - (2 * Gap)), "class=\"ink\" font-size=\"16\" font-weight=\"600\"");
            top += 30;
        }

        if (FigureLegend.Shows(figure))
        {
            top = SvgLegend.Write(svg, figure, Gap + 2, top, width - (2 * Gap));
        }

        var traces = SvgTraces.Prepare(figure);
        var (x, y) = SvgAxes.Of(figure, traces);
        var scale = traces.Select(trace => trace.ColorScale).FirstOrDefault(found => found is not null);
        var frame = SvgFrame.Fit(layout, x, y, top + 4, scale is null ? 0 : SvgColorBar.WidthOf(scale, height - top));
        frame.WriteAxes(svg, layout, x, y, SvgAxes.IsTight(figure));
        svg.Raw($"<clipPath id=\"plot\"><rect x=\"{SvgWriter.Number(frame.Left)}\" y=\"{SvgWriter.Number(frame.Top)}\" " +
            $"width=\"{SvgWriter.Number(frame.Width)}\" height=\"{SvgWriter.Number(frame.Height)}\"/></clipPath>");
        if (traces.Any(trace => trace.ColorScale is { OffScale: not null }))
        {
            SvgColorBar.DefineHatch(svg);
        }

        svg.Raw("<g clip-path=\"url(#plot)\">");
        foreach (var trace in traces)
        {
            trace.Draw(svg, x, y);
        }

        frame.WriteMarks(svg, layout, x, y);
        svg.Raw("</g>");
        foreach (var trace in traces)
        {
            trace.Label(svg, x, y, frame);
        }

        foreach (var annotation in layout.Annotations.Where(a => x.Shows(a.X) && y.Shows(a.Y)))
        {
            svg.Text(x.Map(annotation.X), y.Map(annotation.Y) - 5, annotation.Text, "class=\"ink halo\" font-size=\"12\" text-anchor=\"middle\"");
        }

        if (scale is not null)
        {
            SvgColorBar.Write(svg, scale, frame);
        }

        if (traces.Count == 0 || figure.Traces.All(IsEmpty))
        {
            svg.Text(frame.Left + (frame.Width / 2), frame.Top + (frame.Height / 2), "no data", "class=\"soft\" font-size=\"13\" text-anchor=\"middle\"");
        }

        svg.Raw("</svg>");
        return svg.ToString();
    }

    private static bool IsEmpty(Trace trace) => trace switch
    {
        BarTrace bar => bar.Values.Count == 0,
        ScatterTrace scatter => scatter.X.Count == 0,
        BoxTrace box => BoxSummary.Of(box.Values.Numbers) is null,
        ViolinTrace violin => BoxSummary.Of(violin.Values.Numbers) is null,
        HistogramTrace histogram => BoxSummary.Of(histogram.Values.Numbers) is null,
        HeatmapTrace map => map.Values.Count == 0,
        RegionTrace regions => regions.Classes.Count == 0,
        SpanTrace spans => spans.Starts.Count == 0,
        _ => false,
    };
}
