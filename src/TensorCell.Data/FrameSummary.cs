using System.Globalization;
using TensorCell.Kernels;

namespace TensorCell.Data;

/// <summary>What the columns of a frame hold, in brief, from all of their rows.</summary>
/// <param name="RowCount">Number of rows.</param>
/// <param name="Columns">A summary of each column, in order.</param>
public sealed record FrameSummary(int RowCount, IReadOnlyList<ColumnSummary> Columns)
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Looks at all columns, on all cores.</summary>
    public static FrameSummary Of(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ColumnSummary[] columns = new ColumnSummary[frame.ColumnCount];
        Workers.For(columns.Length, index => columns[index] = ColumnSummarizer.Summarize(frame.Columns[index]));
        return new FrameSummary(frame.RowCount, columns);
    }

    /// <summary>A line for each column, with its histogram in block characters.</summary>
    public override string ToString()
    {
        List<string[]> rows = [["column", "type", "missing", "distribution", "least", "mean", "greatest", "distinct", "most frequent"]];
        rows.AddRange(Columns.Select(column => new[]
        {
            FrameText.Shorten(column.Name),
            column.Type.ShortName,
            column.Missing.ToString("N0", CultureInfo.InvariantCulture),
            Draw(column.Histogram.Count > 0 ? column.Histogram : [.. column.MostFrequent.Select(value => value.Count)]),
            Show(column.Minimum),
            Show(column.Mean),
            Show(column.Maximum),
            column.Distinct?.ToString("N0", CultureInfo.InvariantCulture) ?? "",
            string.Join(", ", column.MostFrequent.Take(3).Select(value => string.Create(CultureInfo.InvariantCulture, $"{FrameText.Shorten(value.Value)} ({value.Count:N0})"))),
        }));
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(cell => rows.Max(row => row[cell].Length))];
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, index) => cell.PadRight(widths[index]))).TrimEnd()));
    }

    private static string Draw(IReadOnlyList<int> counts)
    {
        int most = counts.DefaultIfEmpty(0).Max();
        return string.Concat(counts.Select(count => count == 0 ? ' ' : Bars[(int)((long)count * (Bars.Length - 1) / most)]));
    }

    private static string Show(object? value) => value switch
    {
        null => "",
        double number => number.ToString("G5", CultureInfo.InvariantCulture),
        float number => number.ToString("G5", CultureInfo.InvariantCulture),
        DateTime moment => ValueText.Of(moment),
        DateOnly date => ValueText.Of(date),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
