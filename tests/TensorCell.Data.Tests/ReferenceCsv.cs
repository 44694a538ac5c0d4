using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TensorCell.Data.Tests;

/// <summary>CSV read in the plainest way, one byte after another, to compare the real reader with; answers with a listing of what came out.</summary>
internal static partial class ReferenceCsv
{
    /// <summary>What a reading ends in: the frame's columns and values, or the place of the error.</summary>
    public static string Outcome(byte[] bytes, CsvOptions options)
    {
        string text = Encoding.Latin1.GetString(bytes);
        if (bytes is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..])
        {
            return "error";
        }

        int start = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        List<Record> records = Split(text, start, options);
        if (records.Count == 0)
        {
            return "error";
        }

        Record head = records[0];
        string[] names = Names(head, options);
        bool isHeader = options.Header == CsvHeader.Present;
        IEnumerable<Record> rows = isHeader ? records.Skip(1) : records;
        List<Record> regular = [.. rows.Where(row => row.IsClosed && row.Fields.Count == names.Length)];
        Dictionary<Record, string?> bad = rows.Except(regular).ToDictionary(row => row, _ => (string?)null);
        ColumnType[] types = new ColumnType[names.Length];
        for (int column = 0; column < names.Length; column++)
        {
            int index = column;
            types[column] = options.Schema?.TryGetValue(names[column], out ColumnType given) == true
                ? given
                : regular.Select(row => TypeOf(row.Fields[index], options)).Aggregate((ColumnType?)null, Join) ?? ColumnType.Float64;
            foreach (Record row in regular)
            {
                if (!Parses(row.Fields[column], types[column], options))
                {
                    bad.TryAdd(row, names[column]);
                }
            }
        }

        if (options.BadRows == BadRows.Throw && bad.Count > 0)
        {
            Record first = bad.Keys.MinBy(row => row.Offset)!;
            return $"error {LineOf(text, first.Offset)} {bad[first]}";
        }

        IEnumerable<Record> good = regular.Where(row => !bad.ContainsKey(row));
        return string.Join(",", names.Zip(types, (name, type) => $"{name}:{type}")) + $" skipped {bad.Count}\n"
            + string.Join("\n", good.Select(row => string.Join("|", row.Fields.Select((field, column) => Value(field, types[column], options)))));
    }

    /// <summary>The same listing of a frame.</summary>
    public static string Listing(Frame frame) =>
        string.Join(",", frame.Columns.Select(column => $"{column.Name}:{column.Type}")) + $" skipped {frame.Report!.SkippedRows}\n"
            + string.Join("\n", frame.Rows.Select(row => string.Join(
                "|", frame.Columns.Select(column => column[row.Index] is object value ? Show(value) : "-"))));

    private static string Show(object value) => value switch
    {
        double number => $"{BitConverter.DoubleToInt64Bits(number):X}",
        float number => $"{BitConverter.SingleToInt32Bits(number):X}",
        DateTime moment => $"{moment.Ticks} {moment.Kind}",
        DateOnly date => $"{date.DayNumber}",
        string text => $"'{text}'",
        _ => value.ToString()!,
    };

    private static List<Record> Split(string text, int start, CsvOptions options)
    {
        List<Record> records = [];
        char separator = options.Separator!.Value;
        int at = start;
        while (at < text.Length)
        {
            int begin = at;
            if (text[at] == options.Comment)
            {
                while (at < text.Length && text[at] is not ('\r' or '\n'))
                {
                    at++;
                }

                at = AfterLineEnd(text, at);
                continue;
            }

            List<string> fields = [];
            bool isClosed = true;
            while (true)
            {
                int field = at;
                if (at < text.Length && text[at] == options.Quote)
                {
                    isClosed = false;
                    at++;
                    while (at < text.Length && !isClosed)
                    {
                        if (text[at] != options.Quote)
                        {
                            at++;
                        }
                        else if (at + 1 < text.Length && text[at + 1] == options.Quote)
                        {
                            at += 2;
                        }
                        else
                        {
                            isClosed = true;
                            at++;
                        }
                    }
                }

                while (at < text.Length && text[at] != separator && text[at] is not ('\r' or '\n'))
                {
                    at++;
                }

                fields.Add(text[field..at]);
                if (at >= text.Length || text[at] != separator)
                {
                    break;
                }

                at++;
            }

            if (at > begin)
            {
                records.Add(new Record(begin, fields, isClosed));
            }

            at = AfterLineEnd(text, at);
        }

        return records;
    }

    private static int AfterLineEnd(string text, int at) =>
        at + (at + 1 < text.Length && text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1);

    private static long LineOf(string text, int offset) => 1 + LineEnd().Count(text[..offset]) - (IsInPair(text, offset) ? 1 : 0);

    private static bool IsInPair(string text, int offset) =>
        offset > 0 && offset < text.Length && text[offset - 1] == '\r' && text[offset] == '\n';

    private static string[] Names(Record head, CsvOptions options)
    {
        string[] names = [.. head.Fields.Select(field => options.Header == CsvHeader.Absent ? "" : Header(field, options))];
        HashSet<string> used = [];
        for (int column = 0; column < names.Length; column++)
        {
            string wanted = names[column].Length == 0 ? $"column_{column + 1}" : names[column];
            string name = wanted;
            for (int number = 2; used.Contains(name) || (name != names[column] && names.Contains(name)); number++)
            {
                name = $"{wanted}_{number}";
            }

            used.Add(name);
            names[column] = name;
        }

        return names;
    }

    private static string Header(string field, CsvOptions options)
    {
        string quote = options.Quote?.ToString() ?? "\0";
        bool isQuoted = field.Length >= 2 && field.StartsWith(quote, StringComparison.Ordinal) && field.EndsWith(quote, StringComparison.Ordinal);
        return Decode(isQuoted ? field[1..^1].Replace(quote + quote, quote, StringComparison.Ordinal) : field).Trim();
    }

    private static bool IsMalformed(string field, CsvOptions options)
    {
        if (options.Quote is not char quote || field.Length == 0 || field[0] != quote)
        {
            return false;
        }

        string doubled = new(quote, 2);
        return field.Length < 2 || field[^1] != quote
            || field[1..^1].Replace(doubled, "", StringComparison.Ordinal).Contains(quote, StringComparison.Ordinal);
    }

    /// <summary>The field without quotes and blanks; null when it is missing.</summary>
    private static string? Bare(string field, CsvOptions options)
    {
        bool isQuoted = options.Quote is char quote && field.Length > 0 && field[0] == quote;
        string bare = (isQuoted ? field[1..^1] : field).Trim(' ', '\t');
        return (bare.Length == 0 || !isQuoted) && options.Missing.Contains(Decode(bare)) ? null : bare;
    }

    private static ColumnType? TypeOf(string field, CsvOptions options)
    {
        if (IsMalformed(field, options) || Bare(field, options) is not string bare)
        {
            return null;
        }

        foreach (ColumnType type in (ColumnType[])[ColumnType.Int64, ColumnType.Float64, ColumnType.Date, ColumnType.DateTime, ColumnType.Boolean])
        {
            if (TryRead(bare, type) is not null)
            {
                return type;
            }
        }

        return ColumnType.Text;
    }

    private static ColumnType? Join(ColumnType? first, ColumnType? second) =>
        first is null || second is null || first == second ? first ?? second
        : Both(first, second, ColumnType.Int64, ColumnType.Float64) ? ColumnType.Float64
        : Both(first, second, ColumnType.Date, ColumnType.DateTime) ? ColumnType.DateTime
        : ColumnType.Text;

    private static bool Both(ColumnType? first, ColumnType? second, ColumnType one, ColumnType other) =>
        (first == one && second == other) || (first == other && second == one);

    private static bool Parses(string field, ColumnType type, CsvOptions options) =>
        !IsMalformed(field, options)
        && (type == ColumnType.Text || Bare(field, options) is not string bare || TryRead(bare, type) is not null);

    private static string Value(string field, ColumnType type, CsvOptions options)
    {
        if (type != ColumnType.Text)
        {
            return Bare(field, options) is string bare ? Show(TryRead(bare, type)!) : "-";
        }

        if (options.Quote is char quote && field.Length > 0 && field[0] == quote)
        {
            return $"'{Decode(field[1..^1].Replace(new string(quote, 2), quote.ToString(), StringComparison.Ordinal))}'";
        }

        return options.Missing.Contains(Decode(field)) ? "-" : $"'{Decode(field)}'";
    }

    /// <summary>The value that a text without quotes and blanks writes; null when it writes none of the type.</summary>
    public static object? TryRead(string text, ColumnType type)
    {
        switch (type)
        {
            case ColumnType.Int64:
                return Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer)
                    ? integer : null;
            case ColumnType.Float64:
                return Infinity().Match(text) is { Success: true } infinity
                    ? infinity.Value[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity
                    : Number().IsMatch(text) ? double.Parse(text, CultureInfo.InvariantCulture) : null;
            case ColumnType.Float32:
                return Infinity().Match(text) is { Success: true } single
                    ? single.Value[0] == '-' ? float.NegativeInfinity : float.PositiveInfinity
                    : Number().IsMatch(text) ? float.Parse(text, CultureInfo.InvariantCulture) : null;
            case ColumnType.Boolean:
                return text is "true" or "True" or "TRUE" ? true : text is "false" or "False" or "FALSE" ? false : null;
            case ColumnType.Date:
                return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : null;
            default:
                return ReadMoment(Moment().Match(text).Groups);
        }
    }

    private static DateTime? ReadMoment(GroupCollection parts)
    {
        string format = parts["second"].Success ? "yyyy-MM-dd HH:mm:ss" : parts["minute"].Success ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd";
        string plain = $"{parts["day"]} {parts["minute"]}{(parts["second"].Success ? parts["second"].Value[..3] : "")}".TrimEnd();
        if (!DateTime.TryParseExact(plain, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime moment))
        {
            return null;
        }

        string fraction = parts["fraction"].Value.PadRight(7, '0')[..7];
        moment = moment.AddTicks(long.Parse(fraction, CultureInfo.InvariantCulture));
        string zone = parts["zone"].Value.Replace(":", "", StringComparison.Ordinal).PadRight(5, '0');
        if (!parts["zone"].Success)
        {
            return moment;
        }

        int hours = "zZ".Contains(zone[0], StringComparison.Ordinal) ? 0 : int.Parse(zone[1..3], CultureInfo.InvariantCulture);
        int minutes = "zZ".Contains(zone[0], StringComparison.Ordinal) ? 0 : int.Parse(zone[3..5], CultureInfo.InvariantCulture);
        TimeSpan offset = new TimeSpan(hours, minutes, 0) * (zone[0] == '-' ? -1 : 1);
        return hours > 14 || minutes > 59 ? null : DateTime.SpecifyKind(moment - offset, DateTimeKind.Utc);
    }

    private static string Decode(string latin) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin));

    [GeneratedRegex(@"\r\n|\r|\n")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"\A[+-]?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"\A[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"\A[+-]?(inf|infinity)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Infinity();

    [GeneratedRegex(@"\A(?<day>[0-9-]{10})([T ](?<minute>[0-9:]{5})(?<second>:[0-9]{2}([.,](?<fraction>[0-9]{1,9}))?)?(?<zone>[zZ]|[+-][0-9]{2}(:?[0-9]{2})?)?)?\z")]
    private static partial Regex Moment();

    private sealed record Record(int Offset, List<string> Fields, bool IsClosed);
}
