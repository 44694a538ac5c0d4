namespace TensorCell.Interactive;

/// <summary>Makes a figure's traces ready to draw.</summary>
internal static class SvgTraces
{
    /// <summary>In drawing order: surfaces, then bars (all together, since they share categories), then the rest.</summary>
    public static IReadOnlyList<SvgTrace> Prepare(Figure figure)
    {
        var indexed = figure.Traces.Select((trace, index) => (Trace: trace, Color: SvgWriter.Encode(Palette.Of(trace, index)))).ToArray();
        var bars = indexed.Where(entry => entry.Trace is BarTrace).Select(entry => ((BarTrace)entry.Trace, entry.Color)).ToArray();
        return
        [
            .. indexed.Where(entry => entry.Trace is HeatmapTrace).Select(entry => new SvgHeatmap((HeatmapTrace)entry.Trace)),
            .. indexed.Select(entry => entry.Trace).OfType<RegionTrace>().Select(trace => new SvgRegions(trace, trace.Colors(figure))),
            .. bars.Length > 0 ? [new SvgBars(bars, figure.Layout.Bars == BarMode.Stacked)] : Array.Empty<SvgTrace>(),
            .. indexed.Select(entry => entry.Trace switch
            {
                HistogramTrace histogram => new SvgHistogram(histogram, entry.Color),
                BoxTrace box => new SvgBox(box, entry.Color),
                ViolinTrace violin => new SvgViolin(violin, entry.Color),
                SpanTrace spans => new SvgSpans(spans, entry.Color),
                ScatterTrace scatter => new SvgScatter(scatter, entry.Color),
                _ => (SvgTrace?)null,
            }).OfType<SvgTrace>(),
        ];
    }
}
