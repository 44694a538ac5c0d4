using System.Text;

namespace TensorCell.Data.Parsing;

/// <summary>What the beginning of a file tells: the separator, the columns' names, and where the rows begin.</summary>
/// <param name="Dialect">The bytes that mean something.</param>
/// <param name="Names">The columns' names, all different.</param>
/// <param name="DataStart">Offset of the first row.</param>
internal sealed unsafe record CsvHead(Dialect Dialect, string[] Names, long DataStart)
{
    private const int MostColumns = 100_000;

    /// <summary>Reads the beginning of a file.</summary>
    /// <exception cref="CsvException">There is no record, it has too many fields, or the file is not UTF-8.</exception>
    public static CsvHead Read(ByteSource source, CsvOptions options, MissingTokens missing)
    {
        int quote = Dialect.Check("the quote", options.Quote);
        int comment = Dialect.Check("the comment character", options.Comment);
        using ByteWindow window = new();
        window.Load(source, 0, 64 << 10);
        int at = (int)source.FindTextStart();
        byte[] separators = options.Separator is null ? [.. ",;\t|"u8] : [(byte)Dialect.Check("the separator", options.Separator)];
        int end = FindRecord(source, window, options.MaxRowBytes, separators, quote, comment, ref at);
        byte separator = MostFrequent(new ReadOnlySpan<byte>(window.Data + at, end - at), separators, quote);
        Dialect dialect = Dialect.Of(options, separator);
        List<Range> fields = Split(new ReadOnlySpan<byte>(window.Data + at, end - at), dialect);
        if (fields.Count > MostColumns)
        {
            throw Throw.Read(source, 1, null, $"found {fields.Count} fields; expected at most {MostColumns}, is the separator '{(char)separator}' right?");
        }

        bool isHeader = options.Header == CsvHeader.Present;
        if (options.Header == CsvHeader.Detect)
        {
            isHeader = true;
            foreach (Range field in fields)
            {
                (int offset, int length) = field.GetOffsetAndLength(end - at);
                isHeader &= TypeInference.Classify(window.Data + at + offset, length, quote, missing) == ColumnType.Text;
            }
        }

        string[] names = new string[fields.Count];
        for (int column = 0; column < names.Length; column++)
        {
            (int offset, int length) = fields[column].GetOffsetAndLength(end - at);
            names[column] = isHeader ? Name(window.Data + at + offset, length, quote) : "";
        }

        bool hasPair = end + 1 < window.Count && window.Data[end] == '\r' && window.Data[end + 1] == '\n';
        int next = Math.Min(end + (hasPair ? 2 : 1), window.Count);
        return new CsvHead(dialect, MakeUnique(names), isHeader ? next : at);
    }

    /// <summary>Finds the first record that is neither an empty line nor a comment, growing the window until it holds it.</summary>
    /// <returns>Where its line ends.</returns>
    private static int FindRecord(
        ByteSource source, ByteWindow window, int maxRowBytes, byte[] separators, int quote, int comment, ref int at)
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = new(window.Data + at, window.Count - at);
            bool isComment = rest.Length > 0 && rest[0] == comment;
            int length = isComment ? rest.IndexOfAny((byte)'\r', (byte)'\n') : LengthOfRecord(rest, separators, quote);
            bool needsMore = (length < 0 || length + 1 >= rest.Length) && !window.IsAtEnd;
            if (needsMore)
            {
                if (rest.Length > maxRowBytes)
                {
                    throw Throw.Read(source, 1, null, $"found no end of the first record in {rest.Length} bytes; expected at most {maxRowBytes}");
                }

                window.Extend(source, Math.Max(64 << 10, rest.Length));
                continue;
            }

            length = length < 0 ? rest.Length : length;
            if (rest.Length == 0)
            {
                throw Throw.Read(source, 0, null, "found no record; expected at least the columns' names");
            }

            if (length > 0 && !isComment)
            {
                return length <= maxRowBytes ? at + length : throw Throw.Read(
                    source, 1, null, $"found a first record of {length} bytes; expected at most {maxRowBytes}");
            }

            at += length < rest.Length ? length + 1 : length;
        }
    }

    /// <summary>Bytes to the first line end outside quotes; -1 when there is none.</summary>
    private static int LengthOfRecord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> separators, int quote)
    {
        QuoteTracker quotes = new(quote);
        for (int at = 0; at < text.Length; at++)
        {
            bool isInside = quotes.Step(text[at], isFieldStart: at == 0 || separators.Contains(text[at - 1]));
            if (!isInside && text[at] is (byte)'\r' or (byte)'\n')
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The one of the separators that comes most often outside quotes; the first of them when none does.</summary>
    private static byte MostFrequent(ReadOnlySpan<byte> record, ReadOnlySpan<byte> separators, int quote)
    {
        int[] counts = new int[separators.Length];
        QuoteTracker quotes = new(quote);
        for (int at = 0; at < record.Length; at++)
        {
            bool isInside = quotes.Step(record[at], isFieldStart: at == 0 || separators.Contains(record[at - 1]));
            int separator = isInside ? -1 : separators.IndexOf(record[at]);
            if (separator >= 0)
            {
                counts[separator]++;
            }
        }

        return separators[Array.IndexOf(counts, counts.Max())];
    }

    private static List<Range> Split(ReadOnlySpan<byte> record, Dialect dialect)
    {
        List<Range> fields = [];
        int start = 0;
        QuoteTracker quotes = new(dialect.Quote);
        for (int at = 0; at < record.Length; at++)
        {
            if (!quotes.Step(record[at], isFieldStart: at == start) && record[at] == dialect.Separator)
            {
                fields.Add(start..at);
                start = at + 1;
            }
        }

        fields.Add(start..record.Length);
        return fields;
    }

    private static string Name(byte* text, int length, int quote)
    {
        bool isQuoted = length >= 2 && *text == quote && text[length - 1] == quote;
        string name = isQuoted
            ? Encoding.UTF8.GetString(text + 1, length - 2).Replace(new string((char)quote, 2), ((char)quote).ToString(), StringComparison.Ordinal)
            : Encoding.UTF8.GetString(text, length);
        return name.Trim();
    }

    private static string[] MakeUnique(string[] names)
    {
        HashSet<string> taken = new(names, StringComparer.Ordinal);
        HashSet<string> used = new(StringComparer.Ordinal);
        for (int column = 0; column < names.Length; column++)
        {
            string wanted = names[column].Length == 0 ? $"column_{column + 1}" : names[column];
            string name = wanted;
            for (int number = 2; (name != names[column] && taken.Contains(name)) || !used.Add(name); number++)
            {
                name = $"{wanted}_{number}";
            }

            names[column] = name;
        }

        return names;
    }
}
