using System.Text.Json;
using System.Text.Json.Nodes;
using TensorCell.Interactive;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Notebooks;

/// <summary>The output objects of nbformat 4, whose texts are single strings in memory and lists of lines in files.</summary>
public static class NotebookOutput
{
    /// <summary>Text written to <c>stdout</c> or <c>stderr</c>.</summary>
    public static JsonObject Stream(string name, string text) =>
        new() { ["name"] = name, ["output_type"] = "stream", ["text"] = text };

    /// <summary>Something displayed.</summary>
    public static JsonObject DisplayData(MimeBundle bundle) =>
        new() { ["data"] = DataOf(bundle), ["metadata"] = new JsonObject(), ["output_type"] = "display_data" };

    /// <summary>The value of a cell's last expression.</summary>
    public static JsonObject ExecuteResult(MimeBundle bundle, int executionCount) => new()
    {
        ["data"] = DataOf(bundle),
        ["execution_count"] = executionCount,
        ["metadata"] = new JsonObject(),
        ["output_type"] = "execute_result",
    };

    /// <summary>Why a cell failed.</summary>
    public static JsonObject Error(CellError error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["output_type"] = "error",
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)line)]),
    };

    /// <summary>A bundle as Jupyter's <c>data</c> object: JSON types hold JSON, the others text.</summary>
    public static JsonObject DataOf(MimeBundle bundle)
    {
        var data = new JsonObject();
        foreach ((string type, string content) in bundle.Data)
        {
            data[type] = IsJson(type) && TryParse(content) is { } json ? json : content;
        }

        return data;
    }

    /// <summary>Whether a MIME type's representation is JSON rather than text.</summary>
    public static bool IsJson(string mimeType) =>
        mimeType is "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal);

    internal static void JoinTexts(JsonObject output, string where)
    {
        if (output["text"] is JsonArray lines)
        {
            output["text"] = IpynbFormat.AsText(lines, $"{where}: text");
        }

        if (output["data"] is JsonObject data)
        {
            foreach (string type in data.Where(entry => entry.Value is JsonArray && !IsJson(entry.Key)).Select(entry => entry.Key).ToArray())
            {
                data[type] = IpynbFormat.AsText(data[type], $"{where}: {type}");
            }
        }
    }

    internal static JsonNode SplitTexts(JsonObject output)
    {
        var copy = (JsonObject)output.DeepClone();
        if (IsText(copy["text"]))
        {
            copy["text"] = Lines(copy["text"]!.GetValue<string>());
        }

        if (copy["data"] is JsonObject data)
        {
            foreach (string type in data.Where(entry => IsText(entry.Value) && !IsJson(entry.Key)).Select(entry => entry.Key).ToArray())
            {
                data[type] = Lines(data[type]!.GetValue<string>());
            }
        }

        return copy;
    }

    internal static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    private static bool IsText(JsonNode? json) => json is JsonValue value && value.GetValueKind() == JsonValueKind.String;

    private static JsonNode? TryParse(string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 256 });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
