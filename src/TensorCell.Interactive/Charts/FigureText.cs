using System.Globalization;
using System.Text;

namespace TensorCell.Interactive;

/// <summary>A figure in plain text: its title and a line for each trace.</summary>
internal static class FigureText
{
    private const int MostBars = 30;
    private const int BarWidth = 30;

    public static string Write(Figure figure)
    {
        var text = new StringBuilder();
        text.Append(figure.Layout.Title ?? "Chart");
        if (figure.Layout.X.Title is { } x)
        {
            text.Append(figure.Layout.Y.Title is { } y ? $" ({y} by {x})" : $" ({x})");
        }

        if (figure.Traces.Count == 0)
        {
            text.Append("\n  no data");
        }

        foreach (var trace in figure.Traces)
        {
            text.Append('\n');
            Describe(text, trace);
        }

        return text.ToString();
    }

    private static void Describe(StringBuilder text, Trace trace)
    {
        var name = trace.Name is null ? "" : $" {trace.Name}";
        switch (trace)
        {
            case BarTrace bar:
                Bars(text.Append($"  bars{name}"), bar);
                break;
            case ScatterTrace scatter:
                var kind = scatter.Mode == ScatterMode.Lines ? "line" : scatter.Mode == ScatterMode.Markers ? "points" : "line with points";
                text.Append($"  {kind}{name}: {scatter.X.Count:N0} points{Range(", x", scatter.X)}{Range(", y", scatter.Y)}");
                break;
            case HistogramTrace histogram:
                text.Append($"  histogram{name}: {histogram.Values.Count:N0} values{Range(",", histogram.Values)}");
                break;
            case HeatmapTrace map:
                text.Append($"  heat map{name}: {map.Rows} x {map.Columns}{Range(",", map.Values)}");
                break;
            case RegionTrace regions:
                Regions(text.Append($"  regions{name}: {regions.Rows} x {regions.Columns}"), regions);
                break;
            case SpanTrace spans:
                text.Append($"  spans{name}: {spans.Starts.Count:N0}{Range(", from", spans.Starts)}");
                break;
            case BoxTrace box:
                Sample(text, $"  box{name}", box.Values);
                break;
            case ViolinTrace violin:
                Sample(text, $"  violin{name}", violin.Values);
                break;
            default:
                text.Append($"  {trace.GetType().Name}{name}");
                break;
        }
    }

    private static void Bars(StringBuilder text, BarTrace bar)
    {
        var shown = Math.Min(Math.Min(bar.Categories.Count, bar.Values.Count), MostBars);
        if (bar.Values.Kind != ChartValueKind.Number || shown == 0)
        {
            text.Append($": {bar.Values.Count:N0} bars");
            return;
        }

        var labels = Enumerable.Range(0, shown).Select(bar.Categories.Text).ToArray();
        var width = Math.Min(labels.Max(label => label.Length), 24);
        var longest = bar.Values.Numbers[..shown].ToArray().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < shown; i++)
        {
            var value = bar.Values.Numbers[i];
            var length = longest > 0 && double.IsFinite(value) ? (int)Math.Round(Math.Abs(value) / longest * BarWidth) : 0;
            var label = labels[i].Length > width ? labels[i][..(width - 1)] + "…" : labels[i].PadRight(width);
            text.Append($"\n    {label}  {new string('█', length)} {Number(value)}");
            if (bar.Errors is { } errors && i < errors.Count)
            {
                text.Append($" ± {Number(errors.Numbers[i])}");
            }
        }

        if (bar.Values.Count > shown)
        {
            text.Append($"\n    … {bar.Values.Count - shown:N0} more");
        }
    }

    private static void Regions(StringBuilder text, RegionTrace regions)
    {
        foreach (var group in regions.Classes.Where(index => (uint)index < (uint)regions.Names.Count).GroupBy(index => index).OrderByDescending(group => group.Count()))
        {
            text.Append($"\n    {regions.Names[group.Key]}: {100.0 * group.Count() / regions.Classes.Count:F0} % of the plane");
        }
    }

    private static void Sample(StringBuilder text, string start, ChartValues values)
    {
        text.Append($"{start}: {values.Count:N0} values");
        if (BoxSummary.Of(values.Numbers) is { } box)
        {
            text.Append($", median {Number(box.Median)}, quartiles {Number(box.FirstQuartile)} to {Number(box.ThirdQuartile)}");
        }
    }

    private static string Range(string start, ChartValues values)
    {
        if (values.Kind == ChartValueKind.Text)
        {
            return values.Count == 0 ? "" : $"{start} {values.Text(0)} … {values.Text(values.Count - 1)}";
        }

        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in values.Numbers)
        {
            if (double.IsFinite(value))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        return low > high ? ""
            : values.Kind == ChartValueKind.Date ? $"{start} {ChartValues.DateText(low)} to {ChartValues.DateText(high)}"
            : $"{start} {Number(low)} to {Number(high)}";
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
