using System.Text;

namespace TensorCell.Interactive.Formatting;

/// <summary>A table of plain cells; a column of numbers is aligned to the right.</summary>
internal sealed class HtmlTable(IReadOnlyList<string> headers)
{
    private readonly List<IReadOnlyList<TableCell>?> rows = [];

    /// <summary>Adds a row; null marks rows left out.</summary>
    public void Add(IReadOnlyList<TableCell>? row) => rows.Add(row);

    /// <summary>The table as HTML.</summary>
    /// <param name="subtitles">A softer second line under each header.</param>
    /// <param name="pictures">HTML of a picture under each header.</param>
    public string ToHtml(IReadOnlyList<string>? subtitles = null, IReadOnlyList<string>? pictures = null)
    {
        var right = Enumerable.Range(0, headers.Count).Select(IsNumeric).ToArray();
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
                var text = row is null ? "⋮" : i < row.Count ? row[i].Text : "";
                html.Append(right[i] ? "<td class=\"n\">" : "<td>").Append(Html.Encode(text)).Append("</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    private bool IsNumeric(int column)
    {
        var cells = rows.Where(row => row is not null && column < row.Count).Select(row => row![column]).ToArray();
        return cells.Length > 0 && cells.All(cell => cell.IsNumber || cell.Text.Length == 0) && cells.Any(cell => cell.IsNumber);
    }
}
