namespace TensorCell.Interactive;

/// <summary>Both axes of a figure, with room for all of its traces.</summary>
internal readonly record struct SvgAxes(SvgAxis X, SvgAxis Y)
{
    public static SvgAxes Of(Figure figure, IReadOnlyList<SvgTrace> traces)
    {
        var x = new SvgAxis(figure.Layout.X, FigureAxes.KindOf(figure, vertical: false));
        var y = new SvgAxis(figure.Layout.Y, FigureAxes.KindOf(figure, vertical: true));
        foreach (var trace in traces)
        {
            trace.Include(x, y);
        }

        var tight = IsTight(figure);
        x.Settle(tight ? 0 : figure.Traces.Any(trace => trace is BarTrace) ? 0.06 : 0.03, FigureAxes.StartsAtZero(figure, vertical: false));
        y.Settle(tight ? 0 : 0.06, FigureAxes.StartsAtZero(figure, vertical: true));
        return new(x, y);
    }

    /// <summary>Whether the traces fill the plot to its edges.</summary>
    public static bool IsTight(Figure figure) => figure.Traces.Any(trace => trace is HeatmapTrace or RegionTrace)
        && figure.Traces.All(trace => trace is HeatmapTrace or RegionTrace or ScatterTrace);
}
