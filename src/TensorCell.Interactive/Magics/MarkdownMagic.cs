namespace TensorCell.Interactive.Magics;

/// <summary><c>#!markdown</c>.</summary>
[Magic("markdown", "Shows the text below it as Markdown", Language = "markdown", Aliases = ["md"])]
public sealed class MarkdownMagic : LanguageMagic
{
    /// <inheritdoc/>
    public override Task RunAsync(INotebook notebook, CellBody body)
    {
        var text = body.Text.TrimEnd();
        notebook.Display(new MimeBundle(new Dictionary<string, string> { ["text/markdown"] = text, ["text/plain"] = text }));
        return Task.CompletedTask;
    }
}
