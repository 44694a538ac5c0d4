using System.Globalization;
using TensorCell.Data;

namespace TensorCell.Interactive.Formatting;

/// <summary>A frame: its first and last rows under a small picture of each column's distribution, and a summary of the columns.</summary>
internal static class FrameHtml
{
    private const int MostRows = 10;
    private const int FewRows = 5;
    private const int MostColumns = 24;

    public static string Write(Frame frame) => Html.Output(
        Heading(frame),
        Report(frame),
        Rows(frame, MostRows, showsPictures: true),
        $"<details><summary class=\"s\">columns</summary>{SummaryHtml.Table(frame.Summarize().Columns)}</details>");

    /// <summary>A frame that has just been read: what its columns hold, and a few rows.</summary>
    public static string WriteRead(Frame frame) => Html.Output(
        Heading(frame),
        Report(frame),
        string.Concat((frame.Report?.FirstSkipped ?? []).Take(5).Select(skipped => Html.Note($"skipped: {skipped.Message}"))),
        SummaryHtml.Table(frame.Summarize().Columns),
        $"<details open><summary class=\"s\">rows</summary>{Rows(frame, FewRows, showsPictures: false)}</details>");

    private static string Heading(Frame frame) =>
        Html.Heading($"Frame {frame.RowCount:N0} rows × {frame.ColumnCount:N0} columns", Quantity.Bytes(frame.ByteSize));

    private static string Report(Frame frame) => frame.Report is { } read
        ? Html.Note($"{read.Source}: {Quantity.Bytes(read.Bytes)} in {Quantity.Seconds(read.Elapsed.TotalSeconds)} ({Quantity.Of(read.BytesPerSecond, "B/s")})" +
            (read.SkippedRows > 0 ? $", {read.SkippedRows:N0} bad {(read.SkippedRows == 1 ? "row" : "rows")} skipped" : ""))
        : "";

    private static string Rows(Frame frame, int mostRows, bool showsPictures)
    {
        var columns = frame.Columns.Take(MostColumns).ToArray();
        var table = new HtmlTable(["", .. columns.Select(column => column.Name)]);
        foreach (var place in Elision.Places(frame.RowCount, mostRows))
        {
            table.Add(place is not { } row ? null : [new TableCell($"{row}", true), .. columns.Select(column => Cell(column, row))]);
        }

        string[]? pictures = showsPictures ? ["", .. frame.Summarize().Columns.Take(MostColumns).Select(SummaryHtml.Picture)] : null;
        return table.ToHtml(["", .. columns.Select(column => column.Type.ShortName)], pictures)
            + (frame.ColumnCount > MostColumns ? Html.Note($"{frame.ColumnCount - MostColumns:N0} more columns: {CellText.Cut(string.Join(", ", frame.ColumnNames.Skip(MostColumns)), 300)}") : "");
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
            SummaryHtml.Table(new Frame(column).Summarize().Columns),
            Html.Preformatted($"[{values}]"));
    }

    private static TableCell Cell(Column column, int row) =>
        column.IsMissing(row) ? new TableCell("–", column.Type.IsNumeric)
        : column[row] is double number ? new TableCell(number.ToString("G7", CultureInfo.InvariantCulture), true)
        : column[row] is DateTime moment ? TableCell.Of(moment)
        : new TableCell(CellText.Cut(CellText.Of(column[row]), 60), column.Type.IsNumeric);
}
