namespace TensorCell.Data.Parsing.Json;

/// <summary>Numbers of 32 bits, within their range.</summary>
internal readonly unsafe struct JsonFloatParser : IJsonParser<float>
{
    public static bool TryParse(JsonKind kind, byte* text, int length, out float value)
    {
        value = 0;
        return kind == JsonKind.Number
            && JsonNumber.IsValid(text, length) && FloatParser.TryParse(text, length, out value) && float.IsFinite(value);
    }

    public static bool TryParseSpelled(byte* text, int length, out float value) => FloatParser.TryParse(text, length, out value);
}
