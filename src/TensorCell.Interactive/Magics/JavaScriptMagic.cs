namespace TensorCell.Interactive.Magics;

/// <summary><c>#!javascript</c>.</summary>
[Magic("javascript", "Runs the JavaScript below it in the page", Language = "javascript", Aliases = ["js"])]
public sealed class JavaScriptMagic : LanguageMagic
{
    /// <inheritdoc/>
    public override Task RunAsync(INotebook notebook, CellBody body)
    {
        var text = body.Text.TrimEnd();
        notebook.Display(new MimeBundle(new Dictionary<string, string> { ["application/javascript"] = text, ["text/plain"] = text }));
        return Task.CompletedTask;
    }
}
