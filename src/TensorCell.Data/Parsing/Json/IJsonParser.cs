namespace TensorCell.Data.Parsing.Json;

/// <summary>Reads a value as one type.</summary>
/// <remarks>The same bytes around the text can be read as for <see cref="IValueParser{T}"/>.</remarks>
internal unsafe interface IJsonParser<T>
    where T : unmanaged
{
    /// <summary>Reads a value.</summary>
    /// <returns>Whether it is of the type.</returns>
    static abstract bool TryParse(JsonKind kind, byte* text, int length, out T value);

    /// <summary>Reads a string that spells a value, where the schema gives the type.</summary>
    /// <returns>Whether it spells one.</returns>
    static abstract bool TryParseSpelled(byte* text, int length, out T value);
}
