namespace TensorCell.Data.Parsing.Json;

/// <summary>true and false.</summary>
internal readonly unsafe struct JsonBooleanParser : IJsonParser<bool>
{
    public static bool TryParse(JsonKind kind, byte* text, int length, out bool value)
    {
        value = kind == JsonKind.True;
        return kind is JsonKind.True or JsonKind.False;
    }

    public static bool TryParseSpelled(byte* text, int length, out bool value) => BooleanParser.TryParse(text, length, out value);
}
