namespace TensorCell.Interactive.Magics;

/// <summary><c>#!html</c>.</summary>
[Magic("html", "Shows the text below it as HTML", Language = "html")]
public sealed class HtmlMagic : LanguageMagic
{
    /// <inheritdoc/>
    public override Task RunAsync(INotebook notebook, CellBody body)
    {
        var text = body.Text.TrimEnd();
        notebook.Display(new MimeBundle(new Dictionary<string, string> { ["text/html"] = text, ["text/plain"] = text }));
        return Task.CompletedTask;
    }
}
