using System.Net;
using System.Text;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!whos</c>.</summary>
[Magic("whos", "Lists the notebook's variables: name, type, shape or value, bytes", Aliases = ["who"])]
public sealed class VariablesMagic : LineMagic
{
    private static readonly string[] headings = ["name", "type", "shape", "value", "bytes"];

    /// <summary>Names to list.</summary>
    [Argument("NAME", "variables to list; all unless given")]
    public IReadOnlyList<string> Names { get; set; } = [];

    /// <inheritdoc/>
    public override IEnumerable<string> Suggest(string property, INotebook? notebook) =>
        notebook?.Variables.Select(variable => variable.Name) ?? [];

    /// <inheritdoc/>
    public override Task RunAsync(INotebook notebook)
    {
        // A name declared again hides the one before.
        var variables = notebook.Variables.GroupBy(variable => variable.Name).Select(group => group.Last()).ToList();
        if (Names.Count > 0)
        {
            foreach (var missing in Names.Where(name => variables.All(variable => variable.Name != name)))
            {
                var nearest = EditDistance.Nearest(missing, variables.Select(variable => variable.Name));
                Throw.Magic($"#!whos {missing}: the notebook has no variable {missing}" + (nearest is null ? "" : $"; did you mean {nearest}?"));
            }

            variables.RemoveAll(variable => !Names.Contains(variable.Name));
        }

        if (variables.Count == 0)
        {
            notebook.Display(MimeBundle.PlainText("The notebook has no variables yet."));
            return Task.CompletedTask;
        }

        List<string[]> rows = [.. variables.OrderBy(variable => variable.Name, StringComparer.Ordinal).Select(Row)];
        notebook.Display(MimeBundle.Html(Html(rows), Text(rows)));
        return Task.CompletedTask;
    }

    private static string[] Row(NotebookVariable variable)
    {
        var summary = VariableSummary.Of(variable.Value);
        return [
            variable.Name,
            TypeNames.Of(variable.Value is null || variable.Type.IsValueType ? variable.Type : variable.Value.GetType()),
            summary.Shape,
            summary.Value,
            summary.Bytes is { } bytes ? Benchmarks.Quantities.Bytes(bytes) : ""];
    }

    private static string Html(List<string[]> rows)
    {
        const string cell = "style=\"text-align:left\"";
        var html = new StringBuilder("<table><thead><tr>");
        foreach (var heading in headings)
        {
            html.Append($"<th {cell}>").Append(heading).Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            foreach (var text in row)
            {
                html.Append($"<td {cell}>").Append(WebUtility.HtmlEncode(text)).Append("</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    private static string Text(List<string[]> rows)
    {
        List<string[]> lines = [headings, .. rows];
        var widths = headings.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        return string.Join('\n', lines.Select(line => string.Join("  ", line.Select((text, column) => text.PadRight(widths[column]))).TrimEnd()));
    }
}
