using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TensorCell.Jupyter.Notebooks;

/// <summary>
/// The <c>.dib</c> format of .NET notebooks: text in which a line <c>#!language</c> begins a cell and an optional first
/// <c>#!meta</c> cell holds JSON. Outputs and ids have no place in it. A cell in another language than C# keeps its directive
/// as its first line, so that it runs the same from an <c>.ipynb</c>.
/// </summary>
public static class DibFormat
{
    /// <summary>The key of the notebook's metadata under which the <c>#!meta</c> cell is kept, as VS Code does.</summary>
    public const string MetadataKey = "polyglot_notebook";

    private const string Meta = "meta";

    private static readonly HashSet<string> KnownLanguages = new(StringComparer.OrdinalIgnoreCase)
    {
        "csharp", "cs", "c#", "fsharp", "fs", "f#", "pwsh", "powershell", "javascript", "js", "html", "mermaid", "sql", "kql",
        "http", "value", "python", "markdown", "md", "raw",
    };

    private static readonly JsonWriterOptions WriteOptions = new()
    {
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a notebook from UTF-8 text.</summary>
    /// <exception cref="NotebookFormatException">The text is not UTF-8, or its <c>#!meta</c> cell is not a JSON object.</exception>
    public static NotebookDocument Parse(ReadOnlySpan<byte> utf8)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8).TrimStart('\uFEFF').Replace("\r\n", "\n");
        }
        catch (DecoderFallbackException error)
        {
            text = Throw.NotebookFormat<string>($"not UTF-8 text: byte {error.Index} is not part of any character", error);
        }

        var document = new NotebookDocument();
        var languages = new HashSet<string>(KnownLanguages, StringComparer.OrdinalIgnoreCase);
        string language = "";
        var lines = new List<string>();
        foreach (string line in text.Split('\n'))
        {
            if (DirectiveOf(line) is not { } name || !(name == Meta || languages.Contains(name)))
            {
                lines.Add(line);
                continue;
            }

            EndCell(document, languages, language, lines);
            language = name;
            lines.Clear();
        }

        EndCell(document, languages, language, lines);
        return document;
    }

    /// <summary>Writes a notebook as UTF-8 text, without outputs.</summary>
    public static void Write(NotebookDocument document, Stream destination)
    {
        using var writer = new StreamWriter(destination, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        if (document.Metadata[MetadataKey] is JsonObject meta)
        {
            writer.Write("#!meta\n\n");
            writer.Write(ToJson(meta));
            writer.Write("\n\n");
        }

        HashSet<string> languages = LanguagesOf(document.Metadata[MetadataKey] as JsonObject);
        foreach (NotebookCell cell in document.Cells)
        {
            string source = cell.RunnableSource.Replace("\r\n", "\n").Trim('\n');
            string first = source.Split('\n', 2)[0];
            bool hasDirective = cell.Kind == CellKind.Code && DirectiveOf(first) is { } name && languages.Contains(name);
            if (!hasDirective)
            {
                writer.Write(cell.Kind switch
                {
                    CellKind.Code => "#!csharp\n\n",
                    CellKind.Markdown => "#!markdown\n\n",
                    _ => "#!raw\n\n",
                });
            }

            writer.Write(source);
            writer.Write("\n\n");
        }
    }

    private static void EndCell(NotebookDocument document, HashSet<string> languages, string language, List<string> lines)
    {
        string source = string.Join('\n', lines).Trim('\n');
        switch (language.ToLowerInvariant())
        {
            case "" when string.IsNullOrWhiteSpace(source):
                break;
            case "" or "csharp" or "cs" or "c#":
                document.Cells.Add(new NotebookCell(CellKind.Code, source));
                break;
            case "markdown" or "md":
                document.Cells.Add(new NotebookCell(CellKind.Markdown, source));
                break;
            case "raw":
                document.Cells.Add(new NotebookCell(CellKind.Raw, source));
                break;
            case Meta:
                JsonObject meta = ParseMeta(source);
                languages.UnionWith(LanguagesOf(meta));
                document.Metadata[MetadataKey] = meta;
                break;
            default:
                document.Cells.Add(new NotebookCell(CellKind.Code, source.Length == 0 ? $"#!{language}" : $"#!{language}\n{source}"));
                break;
        }
    }

    private static JsonObject ParseMeta(string source)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false };
            JsonNode? json = JsonNode.Parse(source, documentOptions: options);
            return json as JsonObject ?? Throw.NotebookFormat<JsonObject>("the #!meta cell must hold a JSON object");
        }
        catch (JsonException error)
        {
            return Throw.NotebookFormat<JsonObject>($"the #!meta cell is not valid JSON: {error.Message}", error);
        }
    }

    private static HashSet<string> LanguagesOf(JsonObject? meta)
    {
        var languages = new HashSet<string>(KnownLanguages, StringComparer.OrdinalIgnoreCase);
        if (meta?["kernelInfo"] is JsonObject info && info["items"] is JsonArray items)
        {
            foreach (JsonObject item in items.OfType<JsonObject>())
            {
                AddName(languages, item["name"]);
                foreach (JsonNode? alias in item["aliases"] as JsonArray ?? [])
                {
                    AddName(languages, alias);
                }
            }
        }

        return languages;
    }

    private static void AddName(HashSet<string> languages, JsonNode? json)
    {
        if (json is JsonValue value && value.TryGetValue(out string? name))
        {
            languages.Add(name);
        }
    }

    private static string? DirectiveOf(string line) =>
        line.StartsWith("#!", StringComparison.Ordinal) ? line[2..].TrimEnd() : null;

    private static string ToJson(JsonObject json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriteOptions))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
