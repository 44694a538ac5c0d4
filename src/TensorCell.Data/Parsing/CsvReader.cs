using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace TensorCell.Data.Parsing;

/// <summary>Reads one CSV source into a frame.</summary>
internal sealed class CsvReader(ByteSource source, CsvOptions options, IProgress<ReadProgress>? progress, CancellationToken cancellation)
{
    private readonly long start = Stopwatch.GetTimestamp();

    public Frame Read()
    {
        byte[] bytes = new byte[source.Length];
        string text = Encoding.UTF8.GetString(bytes, 0, source.Read(0, bytes)).TrimStart('\uFEFF');
        char separator = options.Separator ?? ',';
        List<(long Line, List<(string Text, bool Quoted)> Fields)> records = [];
        List<(string, bool)> fields = [];
        int at = 0;
        long line = 1;
        long recordLine = 1;
        while (at < text.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            StringBuilder field = new();
            bool quoted = text[at] == options.Quote;
            if (quoted)
            {
                for (at++; at < text.Length && (text[at] != options.Quote || (at + 1 < text.Length && text[at + 1] == options.Quote)); at++)
                {
                    at += text[at] == options.Quote ? 1 : 0;
                    line += text[at] == '\n' ? 1 : 0;
                    field.Append(text[at]);
                }

                at++;
            }

            while (at < text.Length && text[at] != separator && text[at] is not ('\r' or '\n'))
            {
                field.Append(text[at++]);
            }

            fields.Add((field.ToString(), quoted));
            if (at < text.Length && text[at] == separator)
            {
                at++;
                if (at < text.Length)
                {
                    continue;
                }

                fields.Add(("", false));
            }

            at += at + 1 < text.Length && text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1;
            line++;
            if (fields.Count > 1 || fields[0] != ("", false))
            {
                records.Add((recordLine, fields));
            }

            recordLine = line;
            fields = [];
        }

        if (records.Count == 0)
        {
            throw new CsvException(source.Name, 0, null, "found nothing; expected a header");
        }

        string[] names = options.Header == CsvHeader.Absent
            ? [.. records[0].Fields.Select((_, index) => $"column_{index + 1}")]
            : [.. records[0].Fields.Select(field => field.Text)];
        var rows = options.Header == CsvHeader.Absent ? records : records[1..];
        foreach (var (rowLine, row) in rows)
        {
            if (row.Count != names.Length)
            {
                throw new CsvException(source.Name, rowLine, null, $"found {row.Count} fields; expected {names.Length}");
            }
        }

        Frame frame = new(names.Select((name, index) => Build(name, [.. rows.Select(row => Value(row.Fields[index]))])));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        progress?.Report(new ReadProgress(source.Length, source.Length, frame.RowCount, elapsed));
        return new Frame(frame.Columns) { Report = new ReadReport(source.Name, source.Length, frame.RowCount, 0, [], elapsed) };
    }

    private string? Value((string Text, bool Quoted) field) => !field.Quoted && options.Missing.Contains(field.Text) ? null : field.Text;

    private static Column Build(string name, string?[] texts)
    {
        if (texts.All(text => text is null || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) && texts.Any(text => text is not null))
        {
            return Column.From<long>(name, texts.Select(text => text is null ? (long?)null : long.Parse(text, CultureInfo.InvariantCulture)));
        }

        if (texts.All(text => text is null || double.TryParse(text, CultureInfo.InvariantCulture, out _)))
        {
            return Column.From<double>(name, texts.Select(text => text is null ? (double?)null : double.Parse(text, CultureInfo.InvariantCulture)));
        }

        return Column.From(name, texts);
    }
}
