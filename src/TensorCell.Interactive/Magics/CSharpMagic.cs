namespace TensorCell.Interactive.Magics;

/// <summary><c>#!csharp</c>. The splitter turns it into plain code; it runs as a magic only within another magic's body.</summary>
[Magic("csharp", "Says that the code below it is C#", Aliases = ["c#", "C#", "cs"])]
public sealed class CSharpMagic : LanguageMagic
{
    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook, CellBody body) =>
        CellResult.Show(notebook, await notebook.EvaluateAsync(body.Text, body.FirstLine).ConfigureAwait(false));
}
