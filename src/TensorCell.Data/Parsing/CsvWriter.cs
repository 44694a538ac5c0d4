using System.Buffers;
using System.Text;

namespace TensorCell.Data.Parsing;

/// <summary>Frames as CSV.</summary>
internal static class CsvWriter
{
    private static readonly SearchValues<string> missingTokens = SearchValues.Create([.. CsvOptions.DefaultMissing.Where(token => token.Length > 0)], StringComparison.Ordinal);

    public static void Write(Frame frame, Stream stream, char separator)
    {
        if (!char.IsAscii(separator) || separator is '"' or '\r' or '\n')
        {
            throw Throw.BadOption("the separator", $"'{separator}'", "an ASCII character that is neither a quote nor a line end");
        }

        SearchValues<char> special = SearchValues.Create(separator, '"', '\r', '\n', ' ', '\t');
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
        WriteRecord(writer, separator, special, frame.Columns.Select(column => column.Name));
        for (int row = 0; row < frame.RowCount; row++)
        {
            int index = row;
            Kernels.Interruption.Check();
            WriteRecord(writer, separator, special, frame.Columns.Select(column => column.GetIsMissing(index) ? null : column.GetText(index)));
        }
    }

    /// <summary>Writes a record; a text that would read back as missing, or as no record at all, is quoted.</summary>
    private static void WriteRecord(StreamWriter writer, char separator, SearchValues<char> special, IEnumerable<string?> fields)
    {
        bool isFirst = true;
        bool isBlank = true;
        foreach (string? field in fields)
        {
            if (!isFirst)
            {
                writer.Write(separator);
                isBlank = false;
            }

            isFirst = false;
            if (field is null)
            {
                continue;
            }

            isBlank = false;
            if (field.Length == 0 || missingTokens.Contains(field) || field.AsSpan().ContainsAny(special))
            {
                writer.Write('"');
                writer.Write(field.Replace("\"", "\"\"", StringComparison.Ordinal));
                writer.Write('"');
            }
            else
            {
                writer.Write(field);
            }
        }

        writer.Write(isBlank ? "NA\n" : "\n");
    }
}
