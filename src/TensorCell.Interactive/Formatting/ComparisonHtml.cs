using System.Text;

namespace TensorCell.Interactive.Formatting;

/// <summary>A comparison: a table, the ratios with their intervals as bars, and the samples as violins.</summary>
internal static class ComparisonHtml
{
    private const double WideRange = 20;
    private const int LeastForViolin = 12;

    public static string Write(Comparison comparison)
    {
        var html = new StringBuilder();
        foreach (var note in Notes(comparison))
        {
            html.Append(Html.Note(note));
        }

        return Html.Output(
            Html.Heading(Verdict(comparison), $"baseline: {comparison.Baseline}"),
            Table(comparison).ToHtml(),
            html.ToString(),
            comparison.Ratios.Count > 1 ? ChartHtml.Write(Ratios(comparison)) : "",
            comparison.Sides.Any(side => side.Samples.Count > 1) ? ChartHtml.Write(Samples(comparison)) : "");
    }

    public static string Text(Comparison comparison)
    {
        var width = comparison.Sides.Select(side => side.Name.Length).DefaultIfEmpty(0).Max();
        var lines = comparison.Sides.Zip(comparison.Ratios, (side, ratio) =>
            $"  {side.Name.PadRight(width)}  {Quantity.Seconds(side.Median),10}  {Quantity.Ratio(ratio.Time),8}{Interval(comparison, ratio)}");
        return string.Join('\n', lines.Prepend(Verdict(comparison)).Concat(Notes(comparison).Select(note => $"  {note}")));
    }

    private static string Verdict(Comparison comparison)
    {
        var fastest = comparison.Ratios.Where(ratio => double.IsFinite(ratio.Time)).MinBy(ratio => ratio.Time);
        return fastest is null ? "Comparison"
            : fastest.Name == comparison.Baseline ? $"{fastest.Name} is the fastest"
            : $"{fastest.Name} is the fastest: {Quantity.Ratio(fastest.Speed)} the speed of {comparison.Baseline}";
    }

    private static HtmlTable Table(Comparison comparison)
    {
        var table = new HtmlTable(["", "language", "median", "quartiles", $"time / {comparison.Baseline}", "95 % interval", "speed"]);
        foreach (var (side, ratio) in comparison.Sides.Zip(comparison.Ratios))
        {
            var statistics = side.Statistics;
            table.Add(
            [
                new TableCell(side.Name),
                new TableCell(side.Language),
                new TableCell(Quantity.Seconds(side.Median), true),
                new TableCell($"{Quantity.Seconds(statistics.LowerQuartile)} to {Quantity.Seconds(statistics.UpperQuartile)}"),
                new TableCell(Quantity.Ratio(ratio.Time), true),
                new TableCell(Interval(comparison, ratio).Trim(' ', '(', ')')),
                new TableCell(Quantity.Ratio(ratio.Speed), true),
            ]);
        }

        return table;
    }

    private static string Interval(Comparison comparison, ComparisonRatio ratio) =>
        ratio.Name == comparison.Baseline ? "" : $"  ({Quantity.Ratio(ratio.Interval.Low)} to {Quantity.Ratio(ratio.Interval.High)})";

    private static Figure Ratios(Comparison comparison)
    {
        var times = comparison.Ratios.Select(ratio => ratio.Time).ToArray();
        var bars = new BarTrace(ChartValues.From(comparison.Ratios.Select(ratio => ratio.Name)), times)
        {
            Horizontal = true,
            Errors = ChartValues.From(comparison.Ratios.Select(ratio => Math.Max(ratio.Interval.High - ratio.Time, 0))),
            ErrorsBelow = ChartValues.From(comparison.Ratios.Select(ratio => Math.Max(ratio.Time - ratio.Interval.Low, 0))),
            Labels = ChartValues.From(comparison.Ratios.Select(ratio => Quantity.Ratio(ratio.Time))),
        };
        return new Figure { Traces = [bars], Layout = new ChartLayout { Y = new ChartAxis { Reversed = true } } }
            .Title("Time relative to the baseline, less is faster")
            .X($"median time / {comparison.Baseline}", unit: "×")
            .MarkX(1, null)
            .Size(640, 130 + (36 * comparison.Ratios.Count));
    }

    private static Figure Samples(Comparison comparison) => new Figure
    {
        Traces =
        [
            .. comparison.Sides.Select(side => side.Samples.Count >= LeastForViolin
                ? (Trace)new ViolinTrace(ChartValues.From(side.Samples)) { Name = side.Name }
                : new BoxTrace(ChartValues.From(side.Samples)) { Name = side.Name, ShowPoints = true }),
        ],
    }.Title("Samples").Y("time per run", log: IsWide([.. comparison.Sides.Select(side => side.Median)]), unit: "s").Size(640, 320);

    private static bool IsWide(double[] values)
    {
        var positive = values.Where(value => value > 0 && double.IsFinite(value)).ToArray();
        return positive.Length == values.Length && positive.Length > 1 && positive.Max() / positive.Min() > WideRange;
    }

    private static IEnumerable<string> Notes(Comparison comparison) =>
        comparison.IsInterrupted ? comparison.Notes.Prepend("interrupted: these are the samples taken until then") : comparison.Notes;
}
