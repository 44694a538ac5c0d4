using TensorCell.Interactive.Formatting;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!lsmagic</c>.</summary>
[Magic("lsmagic", "Lists the magic commands", Aliases = ["lsmagics"])]
public sealed class ListMagicsMagic : LineMagic
{
    /// <inheritdoc/>
    public override Task RunAsync(INotebook notebook)
    {
        var declarations = Registry.Declarations;
        var table = new HtmlTable(["magic", "what it does"]);
        foreach (var declaration in declarations)
        {
            table.Add([new TableCell(declaration.Usage), new TableCell(declaration.Description)]);
        }

        var rows = declarations.Select(declaration => new[] { "#!" + declaration.Name, declaration.Description }).Prepend(["magic", "what it does"]);
        const string hint = "Each explains itself: #!bench --help";
        notebook.Display(MimeBundle.Html(
            Html.Output(table.ToHtml(), Html.Note(hint)), TextTable.Write([.. rows]) + "\n\n" + hint));
        return Task.CompletedTask;
    }
}
