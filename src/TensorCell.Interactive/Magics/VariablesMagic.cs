using TensorCell.Interactive.Formatting;

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
            variables = [.. Names.Distinct().Select(name => VariableName.Find(variables, $"#!whos {name}", name))];
        }

        if (variables.Count == 0)
        {
            notebook.Display(MimeBundle.PlainText("The notebook has no variables yet."));
            return Task.CompletedTask;
        }

        List<string[]> rows = [.. variables.OrderBy(variable => variable.Name, StringComparer.Ordinal).Select(Row)];
        var table = new HtmlTable(headings);
        foreach (var row in rows)
        {
            table.Add([.. row.Select((text, column) => new TableCell(text, column == row.Length - 1))]);
        }

        notebook.Display(MimeBundle.Html(Html.Output(table.ToHtml()), TextTable.Write([headings, .. rows])));
        return Task.CompletedTask;
    }

    private static string[] Row(NotebookVariable variable)
    {
        var summary = VariableSummary.Of(variable.Value);
        return [
            variable.Name,
            TypeName.Of(variable.Value is null || variable.Type.IsValueType ? variable.Type : variable.Value.GetType()),
            summary.Shape,
            summary.Value,
            summary.Bytes is { } bytes ? Quantity.Bytes(bytes) : ""];
    }
}
