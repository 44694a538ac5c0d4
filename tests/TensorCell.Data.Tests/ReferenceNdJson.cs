using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace TensorCell.Data.Tests;

/// <summary>NDJSON read line by line through System.Text.Json, to compare the real reader with; answers with a listing of what came out.</summary>
internal static partial class ReferenceNdJson
{
    /// <summary>What a reading ends in: the frame's columns and values, or the line and column of the error.</summary>
    public static string Outcome(byte[] bytes, NdJsonOptions options)
    {
        if (bytes is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..])
        {
            return "error";
        }

        List<(int Line, OrderedDictionary<string, JsonElement> Values)> rows = [];
        List<int> bad = [];
        int line = 0;
        foreach (byte[] text in Lines(bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes))
        {
            line++;
            if (text.All(character => character is (byte)' ' or (byte)'\t' or (byte)'\r'))
            {
                continue;
            }

            if (Row(text, options) is { } row)
            {
                rows.Add((line, row));
            }
            else
            {
                bad.Add(line);
            }
        }

        return Outcome(rows, bad, options);
    }

    /// <summary>The same listing of a frame.</summary>
    public static string Listing(Frame frame) =>
        string.Join(",", frame.Columns.Select(column => $"{column.Name}:{column.Type}")) + $" skipped {frame.Report!.SkippedRows}\n"
            + string.Join("\n", frame.Rows.Select(row => string.Join(
                "|", frame.Columns.Select(column => column[row.Index] is object value ? Show(value) : "-"))));

    private static string Outcome(
        List<(int Line, OrderedDictionary<string, JsonElement> Values)> rows, List<int> bad, NdJsonOptions options)
    {
        // Keys of a dictionary to which nothing but additions are made come in their order.
        Dictionary<string, ColumnType?> types = [];
        foreach ((_, OrderedDictionary<string, JsonElement> values) in rows)
        {
            foreach ((string name, JsonElement value) in values)
            {
                types[name] = Join(types.GetValueOrDefault(name), TypeOf(value));
            }
        }

        foreach ((string name, ColumnType type) in options.Schema ?? new Dictionary<string, ColumnType>())
        {
            types[name] = type;
        }

        string[] names = [.. types.Keys
            .Where(name => options.Columns?.Any(asked => name == asked || name.StartsWith(asked + ".", StringComparison.Ordinal)) ?? true)
            .Where(name => types[name] is not null || !types.Keys.Any(other => other.StartsWith(name + ".", StringComparison.Ordinal)))];
        List<string> listing = [];
        string? firstColumn = null;
        int firstLine = int.MaxValue;
        foreach ((int line, OrderedDictionary<string, JsonElement> values) in rows)
        {
            string[] shown = new string[names.Length];
            string? wrong = null;
            for (int column = 0; column < names.Length; column++)
            {
                bool isGiven = options.Schema?.ContainsKey(names[column]) == true;
                shown[column] = values.TryGetValue(names[column], out JsonElement value) && value.ValueKind != JsonValueKind.Null
                    ? Value(value, types[names[column]] ?? ColumnType.Float64, isGiven) ?? "bad"
                    : "-";
            }

            wrong = values.Keys.FirstOrDefault(name => names.Contains(name) && shown[Array.IndexOf(names, name)] == "bad");
            if (wrong is null)
            {
                listing.Add(string.Join("|", shown));
                continue;
            }

            bad.Add(line);
            (firstLine, firstColumn) = line < firstLine ? (line, wrong) : (firstLine, firstColumn);
        }

        return options.BadRows == BadRows.Throw && bad.Count > 0
            ? $"error {bad.Min()} {(bad.Min() == firstLine ? firstColumn : "")}"
            : string.Join(",", names.Select(name => $"{name}:{types[name] ?? ColumnType.Float64}")) + $" skipped {bad.Count}\n"
                + string.Join("\n", names.Length == 0 ? [] : listing);
    }

    private static IEnumerable<byte[]> Lines(byte[] bytes)
    {
        int start = 0;
        for (int at = 0; at <= bytes.Length; at++)
        {
            if (at == bytes.Length || bytes[at] == '\n')
            {
                yield return bytes[start..at];
                start = at + 1;
            }
        }
    }

    private static OrderedDictionary<string, JsonElement>? Row(byte[] text, NdJsonOptions options)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            if (!Utf8.IsValid(text) || document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            CheckStrings(document.RootElement);
            OrderedDictionary<string, JsonElement> values = [];
            Flatten(document.RootElement.Clone(), "", values, options);
            return values;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Throws where a string holds half a surrogate pair.</summary>
    private static void CheckStrings(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement inner in element.EnumerateArray())
                {
                    CheckStrings(inner);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty inner in element.EnumerateObject())
                {
                    _ = inner.Name;
                    CheckStrings(inner.Value);
                }

                break;
        }
    }

    private static void Flatten(JsonElement element, string path, OrderedDictionary<string, JsonElement> values, NdJsonOptions options)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = path + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object && options.Schema?.ContainsKey(name) != true)
            {
                Flatten(property.Value, name + ".", values, options);
            }
            else
            {
                values.Remove(name);
                values.Add(name, property.Value);
            }
        }
    }

    private static ColumnType? TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True or JsonValueKind.False => ColumnType.Boolean,
        JsonValueKind.Number => Read(value, ColumnType.Int64) is not null ? ColumnType.Int64
            : Read(value, ColumnType.Float64) is not null ? ColumnType.Float64
            : ColumnType.Text,
        JsonValueKind.String => ReferenceCsv.TryRead(value.GetString()!, ColumnType.Date) is not null ? ColumnType.Date
            : ReferenceCsv.TryRead(value.GetString()!, ColumnType.DateTime) is not null ? ColumnType.DateTime
            : ColumnType.Text,
        _ => ColumnType.Text,
    };

    private static ColumnType? Join(ColumnType? first, ColumnType? second) =>
        first is null || second is null || first == second ? first ?? second
        : (first, second) is (ColumnType.Int64, ColumnType.Float64) or (ColumnType.Float64, ColumnType.Int64) ? ColumnType.Float64
        : (first, second) is (ColumnType.Date, ColumnType.DateTime) or (ColumnType.DateTime, ColumnType.Date) ? ColumnType.DateTime
        : ColumnType.Text;

    private static string? Value(JsonElement value, ColumnType type, bool isGiven) =>
        type == ColumnType.Text ? $"'{(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText())}'"
        : Read(value, type) is object read ? Show(read)
        : isGiven && value.ValueKind == JsonValueKind.String && !value.GetRawText().Contains('\\', StringComparison.Ordinal)
            && ReferenceCsv.TryRead(value.GetString()!, type) is object spelled ? Show(spelled)
        : null;

    private static object? Read(JsonElement value, ColumnType type) => (type, value.ValueKind) switch
    {
        (ColumnType.Boolean, JsonValueKind.True) => true,
        (ColumnType.Boolean, JsonValueKind.False) => false,
        (ColumnType.Int64, JsonValueKind.Number) => Integer().IsMatch(value.GetRawText())
            && long.TryParse(value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer) ? integer : null,
        (ColumnType.Float64, JsonValueKind.Number) =>
            double.Parse(value.GetRawText(), CultureInfo.InvariantCulture) is var number && double.IsFinite(number) ? number : null,
        (ColumnType.Float32, JsonValueKind.Number) =>
            float.Parse(value.GetRawText(), CultureInfo.InvariantCulture) is var number && float.IsFinite(number) ? number : null,
        (ColumnType.Date or ColumnType.DateTime, JsonValueKind.String) => ReferenceCsv.TryRead(value.GetString()!, type),
        _ => null,
    };

    private static string Show(object value) => value switch
    {
        double number => $"{BitConverter.DoubleToInt64Bits(number):X}",
        float number => $"{BitConverter.SingleToInt32Bits(number):X}",
        DateTime moment => $"{moment.Ticks} {moment.Kind}",
        DateOnly date => $"{date.DayNumber}",
        string text => $"'{text}'",
        _ => value.ToString()!,
    };

    [GeneratedRegex(@"\A-?[0-9]+\z")]
    private static partial Regex Integer();
}
