using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TensorCell.Jupyter.Notebooks;

/// <summary>
/// Jupyter's notebook format 4 (minor versions 0 to 5) as JSON. In memory every text is one string; files keep the lists of
/// lines that the format prefers. Metadata is kept as it was read, known or not.
/// </summary>
public static class IpynbFormat
{
    private const int FirstMinorWithJsonOutputs = 2;
    private const int FirstMinorWithIds = 5;
    private const int NewestMinor = 5;

    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 256, AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions WriteOptions = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        MaxDepth = 512,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a notebook from UTF-8 JSON.</summary>
    /// <exception cref="NotebookFormatException">The bytes are no notebook of format 4.</exception>
    public static NotebookDocument Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
        {
            Throw.NotebookFormat("the file is empty; a notebook holds at least {\"cells\": [], …}");
        }

        try
        {
            return ReadDocument(JsonNode.Parse(utf8, documentOptions: ReadOptions));
        }
        catch (JsonException error)
        {
            return Throw.NotebookFormat<NotebookDocument>($"not valid JSON: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or ArgumentException)
        {
            // JsonNode reports text that is no Unicode only when the string is looked at.
            return Throw.NotebookFormat<NotebookDocument>($"not valid JSON text: {error.Message}", error);
        }
    }

    /// <summary>
    /// Writes a notebook as UTF-8 JSON: in the minor version it was read in, in 4.5 when a cell has an id or it comes from another
    /// format. In 4.5 a cell without an id is given one that is the same each time.
    /// </summary>
    public static void Write(NotebookDocument document, Stream destination)
    {
        int minor = document.Cells.Any(cell => cell.Id.Length > 0)
            ? NewestMinor
            : Math.Clamp(document.MinorVersion ?? NewestMinor, FirstMinorWithJsonOutputs, NewestMinor);
        string?[] ids = minor >= FirstMinorWithIds ? IdsOf(document.Cells) : new string?[document.Cells.Count];
        var cells = new JsonArray([.. document.Cells.Zip(ids, CellToJson)]);

        var root = new JsonObject
        {
            ["cells"] = cells,
            ["metadata"] = document.Metadata.DeepClone(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = minor,
        };
        using (var writer = new Utf8JsonWriter(destination, WriteOptions))
        {
            root.WriteTo(writer);
        }

        destination.WriteByte((byte)'\n');
    }

    private static NotebookDocument ReadDocument(JsonNode? json)
    {
        JsonObject root = AsObject(json, "the notebook");
        int format = AsInteger(root["nbformat"], "nbformat")
            ?? Throw.NotebookFormat<int>("'nbformat' is missing; this JSON is no notebook");
        if (format != 4)
        {
            Throw.NotebookFormat(
                $"notebook format {format} cannot be read, only format 4; convert it with: jupyter nbconvert --to notebook FILE");
        }

        var document = new NotebookDocument
        {
            Metadata = Detached(root["metadata"], "metadata"),
            MinorVersion = AsInteger(root["nbformat_minor"], "nbformat_minor") ?? FirstMinorWithIds - 1,
        };
        if (root["cells"] is not JsonArray cells)
        {
            return Throw.NotebookFormat<NotebookDocument>($"'cells' must be a list, found {KindOf(root["cells"])}");
        }

        for (int i = 0; i < cells.Count; i++)
        {
            document.Cells.Add(ReadCell(cells[i], $"cell {i + 1}"));
        }

        return document;
    }

    private static NotebookCell ReadCell(JsonNode? json, string where)
    {
        JsonObject fields = AsObject(json, where);
        string type = AsText(fields["cell_type"], $"{where}: cell_type");
        CellKind kind = type switch
        {
            "code" => CellKind.Code,
            "markdown" => CellKind.Markdown,
            "raw" => CellKind.Raw,
            _ => Throw.NotebookFormat<CellKind>($"{where}: cell_type '{type}' is none of code, markdown and raw"),
        };
        var cell = new NotebookCell(kind, AsText(fields["source"], $"{where}: source"))
        {
            Id = fields["id"] is { } id ? AsText(id, $"{where}: id") : "",
            Metadata = Detached(fields["metadata"], $"{where}: metadata"),
            Attachments = fields["attachments"] is { } found ? Detached(found, $"{where}: attachments") : null,
        };
        if (kind == CellKind.Code)
        {
            cell.ExecutionCount = AsInteger(fields["execution_count"], $"{where}: execution_count");
            ReadOutputs(fields["outputs"], cell, where);
        }

        return cell;
    }

    private static void ReadOutputs(JsonNode? json, NotebookCell cell, string where)
    {
        if (json is null)
        {
            return;
        }

        if (json is not JsonArray outputs)
        {
            outputs = Throw.NotebookFormat<JsonArray>($"{where}: 'outputs' must be a list, found {KindOf(json)}");
        }

        for (int i = 0; i < outputs.Count; i++)
        {
            string which = $"{where}, output {i + 1}";
            JsonObject output = Detached(outputs[i], which);
            AsText(output["output_type"], $"{which}: output_type");
            NotebookOutput.JoinTexts(output, which);
            cell.Outputs.Add(output);
        }
    }

    private static string[] IdsOf(List<NotebookCell> cells)
    {
        var taken = cells.Select(cell => cell.Id).ToHashSet();
        var ids = new string[cells.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            string id = cells[i].Id;
            for (int attempt = 0; id.Length == 0; attempt++)
            {
                string unused = attempt == 0 ? $"cell-{i + 1}" : $"cell-{i + 1}-{attempt}";
                id = taken.Add(unused) ? unused : "";
            }

            ids[i] = id;
        }

        return ids;
    }

    private static JsonObject CellToJson(NotebookCell cell, string? id)
    {
        var json = new JsonObject
        {
            ["cell_type"] = cell.Kind switch { CellKind.Code => "code", CellKind.Markdown => "markdown", _ => "raw" },
        };
        if (cell.Attachments is not null)
        {
            json["attachments"] = cell.Attachments.DeepClone();
        }

        if (cell.Kind == CellKind.Code)
        {
            json["execution_count"] = cell.ExecutionCount;
        }

        if (id is not null)
        {
            json["id"] = id;
        }

        json["metadata"] = cell.Metadata.DeepClone();
        if (cell.Kind == CellKind.Code)
        {
            json["outputs"] = new JsonArray([.. cell.Outputs.Select(NotebookOutput.SplitTexts)]);
        }

        json["source"] = NotebookOutput.Lines(cell.Source);
        return json;
    }

    internal static string AsText(JsonNode? json, string where) => json switch
    {
        JsonArray lines => string.Concat(lines.Select(line => AsText(line is JsonArray ? null : line, where))),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => Throw.NotebookFormat<string>($"{where} must be text or a list of lines, found {KindOf(json)}"),
    };

    private static int? AsInteger(JsonNode? json, string where) =>
        json is null ? null
        : json is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out int number) ? number
        : Throw.NotebookFormat<int>($"{where} must be a whole number, found {KindOf(json)}");

    private static JsonObject AsObject(JsonNode? json, string where) => json as JsonObject
        ?? Throw.NotebookFormat<JsonObject>($"{where} must be an object, found {KindOf(json)}");

    private static JsonObject Detached(JsonNode? json, string where)
    {
        if (json is null)
        {
            return [];
        }

        var copy = (JsonObject)AsObject(json, where).DeepClone();
        CheckTexts(copy);
        return copy;
    }

    private static void CheckTexts(JsonNode? json)
    {
        switch (json)
        {
            case JsonObject fields:
                foreach (KeyValuePair<string, JsonNode?> field in fields)
                {
                    CheckTexts(field.Value);
                }

                break;
            case JsonArray items:
                foreach (JsonNode? item in items)
                {
                    CheckTexts(item);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                _ = value.GetValue<string>();
                break;
        }
    }

    private static string KindOf(JsonNode? json) => json?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "nothing",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}
