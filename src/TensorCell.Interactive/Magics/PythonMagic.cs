using TensorCell.Interactive.Python;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!python</c>.</summary>
[Magic(
    "python",
    "Runs the code below it in a real Python, with the notebook's tensors as NumPy arrays",
    Language = "python",
    Aliases = ["python3"],
    Remark = PythonAllocator.Remark,
    Examples = ["#!python", "print(x.mean(axis=0))   # x is a tensor of the notebook", "#!python --share x,y --return total", "#!python --optional"])]
public sealed class PythonMagic : LanguageMagic
{
    /// <summary>The section's name.</summary>
    [Argument("NAME", "what a section of #!compare is called")]
    public string Name { get; set; } = "";

    /// <summary>Variables to share.</summary>
    [Option("variables to give to Python; those that the code reads unless given", ValueName = "X,Y")]
    public IReadOnlyList<string> Share { get; set; } = [];

    /// <summary>Variables to bring back.</summary>
    [Option("variables of Python to bring to C#, arrays as tensors", ValueName = "X,Y")]
    public IReadOnlyList<string> Return { get; set; } = [];

    /// <summary>Whether the notebook can do without it.</summary>
    [Option("says so and goes on where there is no Python, or it lacks a module that the code imports, in place of failing")]
    public bool Optional { get; set; }

    /// <inheritdoc/>
    public override IEnumerable<string> Suggest(string property, INotebook? notebook) =>
        property == nameof(Share) && notebook is not null
            ? notebook.Variables.Where(variable => PythonValues.CanShare(variable.Value)).Select(variable => variable.Name)
            : [];

    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook, CellBody body)
    {
        try
        {
            await RunInPythonAsync(notebook, body);
        }
        catch (Exception exception) when (Optional && Lacks(exception) is { } reason)
        {
            notebook.Stream("stdout", $"left out: {reason}\n");
        }
    }

    internal static async Task<PythonProcess> OrExplainAsync(Task<PythonProcess> starting)
    {
        try
        {
            return await starting;
        }
        catch (PythonMissingException exception)
        {
            Throw.Magic(exception.Message, exception);
            return null;
        }
    }

    private async Task RunInPythonAsync(INotebook notebook, CellBody body)
    {
        using var deferral = notebook.DeferInterruption(); // Python is interrupted by the token, and answers.
        var python = await OrExplainAsync(PythonProcess.OfAsync(notebook));
        await PythonSharing.ShareAsync(python, notebook, body.Text, Share);
        var data = await python.RunAsync(body.Text, body.FirstLine, notebook.Stream, notebook.Cancellation);
        foreach (var name in PythonSharing.Names(Return))
        {
            notebook.SetVariable(name, await python.FetchAsync(name, notebook.Cancellation));
        }

        if (data.Count > 0)
        {
            notebook.Display(new MimeBundle(data));
        }
    }

    private static string? Lacks(Exception exception) => exception switch
    {
        PythonException { IsMissingModule: true } missing => $"python: {missing.PythonMessage}",
        MagicException { InnerException: PythonMissingException missing } => missing.Message,
        _ => null,
    };
}
