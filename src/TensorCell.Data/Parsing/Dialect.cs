namespace TensorCell.Data.Parsing;

/// <summary>The bytes that mean something in a CSV file, checked.</summary>
/// <param name="Separator">Ends a field.</param>
/// <param name="Quote">Encloses a field; -1 when nothing does.</param>
/// <param name="Comment">Begins a line to leave out; -1 when nothing does.</param>
internal readonly record struct Dialect(byte Separator, int Quote, int Comment)
{
    /// <exception cref="ArgumentException">Two of them are the same, or one is a line end or not ASCII.</exception>
    public static Dialect Of(CsvOptions options, byte separator)
    {
        int quote = Check("the quote", options.Quote);
        int comment = Check("the comment character", options.Comment);
        if (quote == separator || comment == separator || (quote >= 0 && quote == comment))
        {
            throw Throw.BadOption("a character", "given two meanings", "separator, quote and comment character to differ");
        }

        return new Dialect(separator, quote, comment);
    }

    public static int Check(string option, char? character) => character switch
    {
        null => -1,
        '\r' or '\n' or '\0' or > '\x7F' => throw Throw.BadOption(
            option, $"U+{(int)character.Value:X4}", "an ASCII character other than a line end"),
        _ => character.Value,
    };
}
