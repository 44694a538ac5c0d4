namespace TensorCell.Data.Parsing;

/// <summary>Reads the text of one field as one type, with no quotes or blanks around it.</summary>
/// <remarks>
/// <see cref="FieldPadding.Before"/> bytes before the text and <see cref="FieldPadding.After"/> bytes after it can be read, whatever they
/// hold.
/// </remarks>
internal unsafe interface IValueParser<T>
    where T : unmanaged
{
    /// <summary>Reads all <paramref name="length"/> bytes of the text.</summary>
    /// <returns>Whether they are a value of the type.</returns>
    static abstract bool TryParse(byte* text, int length, out T value);
}
