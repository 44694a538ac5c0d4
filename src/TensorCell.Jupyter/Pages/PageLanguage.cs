using System.Text.Json.Nodes;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Pages;

/// <summary>Finds the language a cell is written in.</summary>
internal static class PageLanguage
{
    /// <summary>The cell's own language, else the notebook's, else C#; in lower case.</summary>
    public static string Of(NotebookDocument document, NotebookCell cell) =>
        (Text(cell.Metadata, "polyglot_notebook", "kernelName")
        ?? Text(cell.Metadata, "dotnet_interactive", "language")
        ?? Text(document.Metadata, "kernelspec", "language")
        ?? Text(document.Metadata, "language_info", "name")
        ?? "csharp").ToLowerInvariant();

    /// <summary>Whether a language's name means C#.</summary>
    public static bool IsCSharp(string language) => language is "csharp" or "c#" or "cs";

    private static string? Text(JsonObject metadata, string part, string name) =>
        metadata[part] is JsonObject found && found[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
