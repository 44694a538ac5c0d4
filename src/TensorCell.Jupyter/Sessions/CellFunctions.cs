using System.Net;
using TensorCell.Interactive;

namespace TensorCell.Jupyter.Sessions;

/// <summary>Functions that every cell can call by their bare names, as notebooks for .NET do.</summary>
public static class CellFunctions
{
#pragma warning disable IDE1006 // The names notebooks already use.
    /// <summary>Shows a value in the cell's output, through the formatters.</summary>
    /// <returns>A handle that replaces what is shown.</returns>
    /// <exception cref="InvalidOperationException">No cell runs.</exception>
    public static DisplayHandle display(object? value) =>
        Run("display") is { IsMuted: false } run ? new(run.Output, value) : new(Run("display").Output);

    /// <summary>Shows text as one MIME type.</summary>
    /// <returns>A handle that replaces what is shown.</returns>
    /// <exception cref="InvalidOperationException">No cell runs.</exception>
    public static DisplayHandle display(string text, string mimeType) =>
        display(new MimeBundle(new Dictionary<string, string> { [mimeType] = text }));
#pragma warning restore IDE1006

    /// <summary>Markup to show as it is.</summary>
    public static MimeBundle HTML(string html) => MimeBundle.Html(html, html);

    /// <summary>JavaScript for the page to run.</summary>
    public static MimeBundle Javascript(string code) =>
        new(new Dictionary<string, string>
        {
            ["text/html"] = $"<script type=\"text/javascript\">{code}</script>",
            ["text/plain"] = code,
        });

    /// <summary>Markdown to show as formatted text.</summary>
    public static MimeBundle Markdown(string markdown) =>
        new(new Dictionary<string, string>
        {
            ["text/markdown"] = markdown,
            ["text/html"] = $"<pre>{WebUtility.HtmlEncode(markdown)}</pre>",
            ["text/plain"] = markdown,
        });

    /// <summary>Removes the cell's output so far.</summary>
    /// <param name="wait">Whether it stays until the next output comes.</param>
    /// <exception cref="InvalidOperationException">No cell runs.</exception>
    public static void ClearOutput(bool wait = false) => Run("ClearOutput").Output.Clear(wait);

    /// <summary>Asks the user for a line of text.</summary>
    /// <exception cref="InvalidOperationException">No cell runs, or the client cannot ask.</exception>
    public static string Input(string prompt = "") => Run("Input") is { } run ? run.Output.ReadInput(prompt, false, run.Token) : "";

    /// <summary>Asks the user for a line of text that is not shown as it is typed.</summary>
    /// <exception cref="InvalidOperationException">No cell runs, or the client cannot ask.</exception>
    public static string Password(string prompt = "") => Run("Password") is { } run ? run.Output.ReadInput(prompt, true, run.Token) : "";

    /// <summary>Shows a value in the cell's output, through the formatters.</summary>
    /// <returns>A handle that replaces what is shown.</returns>
    /// <exception cref="InvalidOperationException">No cell runs.</exception>
    public static DisplayHandle Display(this object? value) => display(value);

    private static CellRun Run(string function) => CellRun.Current
        ?? Throw.NoCell(function, "to show it in");
}
