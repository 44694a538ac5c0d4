namespace TensorCell.Data.Parsing.Json;

/// <summary>Strings that write a day or a moment, as <typeparamref name="TParser"/> reads it.</summary>
internal readonly unsafe struct JsonTimeParser<T, TParser> : IJsonParser<T>
    where T : unmanaged
    where TParser : struct, IValueParser<T>
{
    private const int MaxLength = 6 * 35;

    public static bool TryParse(JsonKind kind, byte* text, int length, out T value)
    {
        value = default;
        return kind == JsonKind.String ? TParser.TryParse(text, length, out value)
            : kind == JsonKind.Escaped && length <= MaxLength && TryParseEscaped(text, length, out value);
    }

    public static bool TryParseSpelled(byte* text, int length, out T value) => TParser.TryParse(text, length, out value);

    /// <summary>Writers that are wary of HTML escape the plus of an offset.</summary>
    private static bool TryParseEscaped(byte* text, int length, out T value)
    {
        byte* decoded = stackalloc byte[FieldPadding.Before + MaxLength + FieldPadding.After];
        decoded += FieldPadding.Before;
        return TParser.TryParse(decoded, JsonString.Decode(text, length, new Span<byte>(decoded, MaxLength)), out value);
    }
}
