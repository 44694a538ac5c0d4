using System.Text.Json.Nodes;

namespace TensorCell.Jupyter.Notebooks;

/// <summary>A notebook file in memory, in nbformat 4's terms, whichever format it was read from.</summary>
public sealed class NotebookDocument
{
    /// <summary>The cells, in order.</summary>
    public List<NotebookCell> Cells { get; } = [];

    /// <summary>The minor version of nbformat 4 that it was read in; null when it comes from another format.</summary>
    public int? MinorVersion { get; set; }

    /// <summary>The notebook's own metadata, kept as it was read.</summary>
    public JsonObject Metadata { get; set; } = [];
}

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>Code to run.</summary>
    Code,

    /// <summary>Markdown to read.</summary>
    Markdown,

    /// <summary>Text passed through unchanged.</summary>
    Raw,
}

/// <summary>One cell of a notebook.</summary>
public sealed class NotebookCell(CellKind kind, string source)
{
    /// <summary>What the cell holds.</summary>
    public CellKind Kind { get; } = kind;

    /// <summary>Its text.</summary>
    public string Source { get; set; } = source;

    /// <summary>Its nbformat 4.5 id; empty when the file has none.</summary>
    public string Id { get; set; } = "";

    /// <summary>The prompt number of its last run.</summary>
    public int? ExecutionCount { get; set; }

    /// <summary>Its metadata, kept as it was read.</summary>
    public JsonObject Metadata { get; set; } = [];

    /// <summary>
    /// Its outputs as nbformat 4 output objects (<c>stream</c>, <c>display_data</c>, <c>execute_result</c>, <c>error</c>), whose
    /// texts are strings, never lists of lines.
    /// </summary>
    public List<JsonObject> Outputs { get; } = [];

    /// <summary>A Markdown or raw cell's attachments, kept as they were read.</summary>
    public JsonObject? Attachments { get; set; }

    /// <summary>
    /// The text to run: a code cell that VS Code marked as written in another language begins with that language's directive.
    /// </summary>
    public string RunnableSource =>
        Kind == CellKind.Code && Language is { } language && language is not ("csharp" or "cs" or "c#")
        && !Source.StartsWith("#!" + language, StringComparison.OrdinalIgnoreCase)
            ? $"#!{language}\n{Source}"
            : Source;

    private string? Language =>
        TextOf(Metadata["polyglot_notebook"], "kernelName") ?? TextOf(Metadata["dotnet_interactive"], "language");

    private static string? TextOf(JsonNode? json, string name) =>
        json is JsonObject fields && fields[name] is JsonValue value && value.TryGetValue(out string? text)
        && text.Length > 0 && !text.AsSpan().ContainsAny(" \t\r\n") ? text : null;
}
