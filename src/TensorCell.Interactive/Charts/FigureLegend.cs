namespace TensorCell.Interactive;

/// <summary>Decides whether a figure has a legend.</summary>
internal static class FigureLegend
{
    /// <summary>Whether the legend shows: as asked, or when more than one trace that needs naming has a name.</summary>
    public static bool Shows(Figure figure) =>
        figure.Layout.Legend ?? Entries(figure).Skip(1).Any();

    /// <summary>The traces the legend names; boxes and violins are named along their axis already.</summary>
    public static IEnumerable<(Trace Trace, int Index)> Entries(Figure figure) =>
        figure.Traces
            .Select((trace, index) => (trace, index))
            .Where(entry => entry.trace.Name is not null && entry.trace is not (BoxTrace or ViolinTrace or HeatmapTrace or RegionTrace));
}
