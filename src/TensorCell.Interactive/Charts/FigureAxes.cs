namespace TensorCell.Interactive;

/// <summary>What a figure's axes measure, by its traces.</summary>
internal static class FigureAxes
{
    /// <summary>What the positions along an axis are: text as soon as one trace has text there.</summary>
    public static ChartValueKind KindOf(Figure figure, bool vertical)
    {
        var kinds = figure.Traces.Select(trace => KindOf(trace, vertical)).OfType<ChartValueKind>().ToArray();
        return kinds.Contains(ChartValueKind.Text) ? ChartValueKind.Text
            : kinds.Length > 0 && kinds.All(kind => kind == ChartValueKind.Date) ? ChartValueKind.Date
            : ChartValueKind.Number;
    }

    /// <summary>Whether the axis must show zero because lengths are read from it.</summary>
    public static bool StartsAtZero(Figure figure, bool vertical) => figure.Traces.Any(trace => trace switch
    {
        BarTrace bar => bar.Horizontal != vertical,
        HistogramTrace => vertical,
        ScatterTrace { Filled: true } => vertical,
        _ => false,
    });

    private static ChartValueKind? KindOf(Trace trace, bool vertical) => trace switch
    {
        BarTrace bar => bar.Horizontal == vertical ? bar.Categories.Kind : bar.Values.Kind,
        ScatterTrace scatter => (vertical ? scatter.Y : scatter.X).Kind,
        BoxTrace box => box.Horizontal == vertical ? ChartValueKind.Text : ChartValueKind.Number,
        ViolinTrace violin => violin.Horizontal == vertical ? ChartValueKind.Text : ChartValueKind.Number,
        HeatmapTrace map => (vertical ? map.Y : map.X)?.Kind ?? ChartValueKind.Number,
        SpanTrace spans => (vertical ? spans.Rows : spans.Starts).Kind,
        HistogramTrace or RegionTrace => ChartValueKind.Number,
        _ => null,
    };
}
