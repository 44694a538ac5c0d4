using System.Globalization;
using TensorCell.Data;

namespace TensorCell.Interactive.Formatting;

/// <summary>Summaries of columns: a row each, with a small picture of how its values are distributed.</summary>
internal static class SummaryHtml
{
    private const int MostColumns = 200;
    private const int MostNamed = 3;

    public static string Write(FrameSummary summary) => Html.Output(
        Html.Heading($"{summary.Columns.Count:N0} {(summary.Columns.Count == 1 ? "column" : "columns")}", $"of {summary.RowCount:N0} rows"),
        Table(summary.Columns));

    /// <summary>The table alone.</summary>
    public static string Table(IReadOnlyList<ColumnSummary> columns)
    {
        var table = new HtmlTable(["column", "type", "missing", "distribution", "values", "mean", "distinct"]);
        foreach (var column in columns.Take(MostColumns))
        {
            table.Add(
            [
                new TableCell(CellText.Cut(column.Name, 60)),
                new TableCell(column.Type.ShortName),
                new TableCell(Missing(column), true),
                TableCell.OfPicture(Picture(column)),
                new TableCell(Values(column)),
                new TableCell(column.Type.IsNumeric ? Show(column.Mean) : "", true),
                new TableCell(column.Distinct?.ToString("N0", CultureInfo.InvariantCulture) ?? "", true),
            ]);
        }

        return table.ToHtml()
            + (columns.Count > MostColumns ? Html.Note($"{columns.Count - MostColumns:N0} more columns") : "");
    }

    /// <summary>A picture of a distribution; empty where there is nothing to see.</summary>
    public static string Picture(ColumnSummary column)
    {
        var counts = column.Histogram.Count > 0 ? column.Histogram : [.. column.MostFrequent.Select(value => value.Count)];
        return counts.Count == 0 ? "" : Sparkline.Bars(counts);
    }

    private static string Missing(ColumnSummary column) => column.Missing == 0
        ? "0"
        : $"{column.Missing.ToString("N0", CultureInfo.InvariantCulture)} ({Quantity.Percent((double)column.Missing / column.Count)})";

    /// <summary>The range of what has an order; else what comes most often.</summary>
    private static string Values(ColumnSummary column) => column switch
    {
        { Minimum: not null } => $"{Show(column.Minimum)} … {Show(column.Maximum)}",
        { Type: ColumnType.Boolean, Mean: { } share } => $"true {Quantity.Percent(share)}",
        { Type: ColumnType.Text, Distinct: null } => "many different",
        _ => MostFrequent(column),
    };

    private static string MostFrequent(ColumnSummary column)
    {
        var rest = (column.Distinct ?? 0) - MostNamed;
        var named = string.Join(", ", column.MostFrequent.Take(MostNamed).Select(value =>
            $"{(value.Value.Length == 0 ? "(empty)" : CellText.Cut(value.Value, 24))} {Quantity.Percent((double)value.Count / column.Count)}"));
        return named + (rest > 0 ? $", {rest:N0} more" : "");
    }

    private static string Show(object? value) => value switch
    {
        null => "",
        double number => number.ToString("G5", CultureInfo.InvariantCulture),
        float number => number.ToString("G5", CultureInfo.InvariantCulture),
        long number => number.ToString("N0", CultureInfo.InvariantCulture),
        _ => CellText.Of(value),
    };
}
