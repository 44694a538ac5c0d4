using System.Net;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!lsmagic</c>.</summary>
[Magic("lsmagic", "Lists the magic commands", Aliases = ["lsmagics"])]
public sealed class ListMagicsMagic : LineMagic
{
    /// <inheritdoc/>
    public override Task RunAsync(INotebook notebook)
    {
        var declarations = Registry.Declarations;
        var width = declarations.Max(declaration => declaration.Name.Length) + 2;
        var text = string.Join('\n', declarations.Select(declaration => $"{("#!" + declaration.Name).PadRight(width)}  {declaration.Description}"));
        var rows = declarations.Select(declaration =>
            $"<tr><td style=\"text-align:left\"><code>{WebUtility.HtmlEncode(declaration.Usage)}</code></td>"
            + $"<td style=\"text-align:left\">{WebUtility.HtmlEncode(declaration.Description)}</td></tr>");
        notebook.Display(MimeBundle.Html(
            $"<table><thead><tr><th style=\"text-align:left\">magic</th><th style=\"text-align:left\">what it does</th></tr></thead><tbody>{string.Concat(rows)}</tbody></table>",
            text + "\n\nEach explains itself: #!bench --help"));
        return Task.CompletedTask;
    }
}
