using System.Globalization;
using TensorCell.Data;

namespace TensorCell.Interactive.Formatting;

/// <summary>A frame: its first and last rows under a small histogram of each column, and a summary of the columns.</summary>
internal static class FrameHtml
{
    private const int MostRows = 10;
    private const int MostColumns = 24;
    private const int MostSampled = 100_000;

    public static string Write(Frame frame)
    {
        var columns = frame.Columns.Take(MostColumns).ToArray();
        var table = new HtmlTable(["", .. columns.Select(column => column.Name)]);
        foreach (var place in Elision.Places(frame.RowCount, MostRows))
        {
            table.Add(place is not { } row ? null : [new TableCell($"{row}", true), .. columns.Select(column => Cell(column, row))]);
        }

        var report = frame.Report is { } read
            ? Html.Note($"{read.Source}: {Quantity.Bytes(read.Bytes)} in {Quantity.Seconds(read.Elapsed.TotalSeconds)} ({Quantity.Of(read.BytesPerSecond, "B/s")})" +
                (read.SkippedRows > 0 ? $", {read.SkippedRows:N0} bad rows skipped" : ""))
            : "";
        return Html.Output(
            Html.Heading($"Frame {frame.RowCount:N0} rows × {frame.ColumnCount:N0} columns", Quantity.Bytes(frame.ByteSize)),
            report,
            table.ToHtml(["", .. columns.Select(column => column.Type.ShortName)], ["", .. columns.Select(Picture)]),
            frame.ColumnCount > MostColumns ? Html.Note($"{frame.ColumnCount - MostColumns:N0} more columns: {CellText.Cut(string.Join(", ", frame.ColumnNames.Skip(MostColumns)), 300)}") : "",
            $"<details><summary class=\"s\">columns</summary>{Summary(columns)}</details>");
    }

    public static string Write(Column column)
    {
        var places = Elision.Places(column.Count, 20);
        var moments = Moments.FormatOf(places.Select(place => place is { } row ? column[row] : null).OfType<DateTime>());
        var values = string.Join(", ", places.Select(place => place is not { } row ? "…"
            : column[row] is DateTime moment ? Moments.Text(moment, moments)
            : CellText.Of(column[row])));
        return Html.Output(
            Html.Heading($"{column.Name} {column.Type.ShortName}", $"{column.Count:N0} values, {Quantity.Bytes(column.ByteSize)}"),
            Summary([column]),
            Picture(column),
            Html.Preformatted($"[{values}]"));
    }

    private static TableCell Cell(Column column, int row) =>
        column.IsMissing(row) ? new TableCell("–", column.Type.IsNumeric)
        : column[row] is double number ? new TableCell(number.ToString("G7", CultureInfo.InvariantCulture), true)
        : column[row] is DateTime moment ? TableCell.Of(moment)
        : new TableCell(CellText.Cut(CellText.Of(column[row]), 60), column.Type.IsNumeric);

    private static string Picture(Column column)
    {
        if (column is TextColumn text)
        {
            var counts = CountsOf(text);
            return counts.Length is > 1 and <= 24 ? Sparkline.Bars(counts) : "";
        }

        return Sparkline.Histogram(Sample(column));
    }

    private static string Summary(IReadOnlyList<Column> columns)
    {
        var table = new HtmlTable(["column", "type", "missing", "least", "median", "mean", "greatest", "distinct"]);
        foreach (var column in columns)
        {
            var numbers = column.Type.IsNumeric ? Quantiles.SortedFinite(Sample(column)) : [];
            string Statistic(Func<double> compute) => numbers.Length == 0 ? "" : compute().ToString("G5", CultureInfo.InvariantCulture);
            table.Add(
            [
                new TableCell(column.Name),
                new TableCell(column.Type.ShortName),
                new TableCell(column.MissingCount.ToString("N0", CultureInfo.InvariantCulture), true),
                new TableCell(Statistic(() => numbers[0]), true),
                new TableCell(Statistic(() => Quantiles.At(numbers, 0.5)), true),
                new TableCell(Statistic(() => numbers.Average()), true),
                new TableCell(Statistic(() => numbers[^1]), true),
                new TableCell(column is TextColumn text ? text.Categories.Count.ToString("N0", CultureInfo.InvariantCulture) : "", true),
            ]);
        }

        var sampled = columns.Any(column => column.Count > MostSampled && column.Type.IsNumeric);
        return table.ToHtml() + (sampled ? Html.Note($"statistics of {MostSampled:N0} rows spread evenly") : "");
    }

    private static int[] CountsOf(TextColumn column)
    {
        var counts = new int[column.Categories.Count];
        foreach (var code in column.Codes)
        {
            if (code >= 0)
            {
                counts[code]++;
            }
        }

        return counts;
    }

    private static double[] Sample(Column column)
    {
        var taken = Math.Min(column.Count, MostSampled);
        var values = new double[taken];
        for (var i = 0; i < taken; i++)
        {
            values[i] = column[(int)((long)i * column.Count / taken)] switch
            {
                double number => number,
                float number => number,
                long number => number,
                bool truth => truth ? 1 : 0,
                DateOnly date => date.DayNumber,
                DateTime date => date.Ticks,
                _ => double.NaN,
            };
        }

        return values;
    }
}
