using System.Text;

namespace TensorCell.Interactive.Formatting;

/// <summary>A table of plain cells; a column of numbers is aligned to the right.</summary>
internal sealed class HtmlTable(IReadOnlyList<string> headers)
{
    // As long as a moment to a ten-millionth of a second. Short text that breaks where columns are many makes every row several lines tall.
    private const int LongestUnbroken = 28;

    private readonly List<IReadOnlyList<TableCell>?> rows = [];

    /// <summary>Adds a row; null marks rows left out.</summary>
    public void Add(IReadOnlyList<TableCell>? row) => rows.Add(row);

    /// <summary>The table as HTML.</summary>
    /// <param name="subtitles">A softer second line under each header.</param>
    /// <param name="pictures">HTML of a picture under each header.</param>
    public string ToHtml(IReadOnlyList<string>? subtitles = null, IReadOnlyList<string>? pictures = null)
    {
        var right = Enumerable.Range(0, headers.Count).Select(IsNumeric).ToArray();
        var moments = Enumerable.Range(0, headers.Count).Select(MomentFormat).ToArray();
        var html = new StringBuilder("<table>");
        if (headers.Any(header => header.Length > 0))
        {
            html.Append("<thead><tr>");
            for (var i = 0; i < headers.Count; i++)
            {
                html.Append($"<th{(right[i] ? " class=\"n\"" : "")}>{Html.Encode(headers[i])}");
                html.Append(subtitles is null ? "" : $"<br><span class=\"s\">{Html.Encode(subtitles[i])}</span>");
                html.Append(pictures?[i]).Append("</th>");
            }

            html.Append("</tr></thead>");
        }

        html.Append("<tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < headers.Count; i++)
            {
                var cell = row is null ? new TableCell("⋮") : i < row.Count ? row[i] : new TableCell("");
                var text = cell.Moment is { } moment ? Moments.Text(moment, moments[i]) : cell.Text;
                html.Append(right[i] ? "<td class=\"n\">" : text.Length <= LongestUnbroken ? "<td class=\"u\">" : "<td>");
                html.Append(cell.Picture ?? (cell.IsBad ? Html.Bad(text) : Html.Encode(text))).Append("</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    private string MomentFormat(int column) => Moments.FormatOf(CellsOf(column).Select(cell => cell.Moment).OfType<DateTime>());

    private IEnumerable<TableCell> CellsOf(int column) =>
        rows.Where(row => row is not null && column < row.Count).Select(row => row![column]);

    private bool IsNumeric(int column)
    {
        var cells = CellsOf(column).ToArray();
        return cells.Length > 0 && cells.All(cell => cell.IsNumber || cell.Text.Length == 0) && cells.Any(cell => cell.IsNumber);
    }
}
