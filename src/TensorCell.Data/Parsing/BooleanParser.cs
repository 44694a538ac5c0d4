namespace TensorCell.Data.Parsing;

/// <summary>true and false, in lower case, upper case or capitalised.</summary>
internal readonly unsafe struct BooleanParser : IValueParser<bool>
{
    public static bool TryParse(byte* text, int length, out bool value)
    {
        ReadOnlySpan<byte> word = new(text, length);
        value = length == 4;
        return length switch
        {
            4 => word.SequenceEqual("true"u8) || word.SequenceEqual("True"u8) || word.SequenceEqual("TRUE"u8),
            5 => word.SequenceEqual("false"u8) || word.SequenceEqual("False"u8) || word.SequenceEqual("FALSE"u8),
            _ => false,
        };
    }
}
