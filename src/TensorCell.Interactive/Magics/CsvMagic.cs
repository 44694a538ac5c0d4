using System.Globalization;
using System.Text;
using TensorCell.Data;
using TensorCell.Interactive.Formatting;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!csv</c>.</summary>
[Magic(
    "csv",
    "Reads a CSV file on all cores into a Frame of typed columns",
    Examples = ["#!csv machines.csv --name machines", "#!csv log.txt --name log --separator tab --skip-bad-rows"])]
public sealed class CsvMagic : LineMagic
{
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(150);

    /// <summary>The file to read.</summary>
    [Argument("FILE", "the file to read, from the notebook's folder", IsRequired = true)]
    public string File { get; set; } = "";

    /// <summary>The variable that the frame becomes.</summary>
    [Option("the variable that the frame becomes", ValueName = "VARIABLE", IsRequired = true)]
    public string Name { get; set; } = "";

    /// <summary>What separates fields; found in the first record when empty.</summary>
    [Option("what separates fields: a character, or tab (default: what the first line suggests)", ValueName = "CHARACTER")]
    public string Separator { get; set; } = "";

    /// <summary>Whether the first record names the columns.</summary>
    [Option("whether the first line names the columns")]
    public CsvHeader Header { get; set; } = CsvHeader.Present;

    /// <summary>What begins a line to leave out.</summary>
    [Option("what begins a line to leave out", ValueName = "CHARACTER")]
    public string Comment { get; set; } = "";

    /// <summary>Fields that mean a missing value, beside the usual ones.</summary>
    [Option("a field that means a missing value, beside the usual ones; may be given repeatedly", ValueName = "TEXT")]
    public IReadOnlyList<string> Missing { get; set; } = [];

    /// <summary>The columns to read; all when none is given.</summary>
    [Option("a column to read; may be given repeatedly (default: all)", ValueName = "NAME")]
    public IReadOnlyList<string> Column { get; set; } = [];

    /// <summary>Whether bad rows are left out and counted.</summary>
    [Option("leaves bad rows out and counts them, in place of stopping at the first")]
    public bool SkipBadRows { get; set; }

    /// <inheritdoc/>
    public override IEnumerable<string> Suggest(string property, INotebook? notebook) => property switch
    {
        nameof(File) => Directory.EnumerateFiles(".").Select(path => Path.GetFileName(path))
            .Where(name => Path.GetExtension(name) is ".csv" or ".tsv" or ".txt").Order(StringComparer.OrdinalIgnoreCase),
        nameof(Separator) => [",", ";", "tab", "|"],
        _ => [],
    };

    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook)
    {
        CheckName();
        var options = new CsvOptions
        {
            Separator = Character("--separator", Separator),
            Comment = Character("--comment", Comment),
            Header = Header,
            Missing = [.. CsvOptions.DefaultMissing, .. Missing],
            Columns = Column.Count == 0 ? null : Column,
            BadRows = SkipBadRows ? BadRows.Skip : BadRows.Throw,
        };
        var latest = new LatestProgress();
        var handle = notebook.Display(Progress(latest.Value));
        try
        {
            var read = Task.Run(() => Csv.Read(File, options, latest, notebook.Cancellation));
            while (await Task.WhenAny(read, Task.Delay(interval)) != read)
            {
                handle.Update(Progress(latest.Value));
            }

            var frame = await read;
            notebook.SetVariable(Name, frame, typeof(Frame));
            handle.Update(Result(frame));
        }
        catch (Exception exception) when (exception is CsvException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            handle.Update(MimeBundle.PlainText($"{File}: not read"));
            Throw.Magic($"#!csv: {exception.Message}", exception);
        }
        catch (OperationCanceledException)
        {
            handle.Update(MimeBundle.PlainText($"{File}: interrupted after {Quantity.Bytes(latest.Value.Bytes)}"));
            throw;
        }
    }

    private static char? Character(string option, string text) => text switch
    {
        "" => null,
        "tab" or "\\t" => '\t',
        "space" => ' ',
        { Length: 1 } => text[0],
        _ => Throw.Magic<char>($"#!csv {option} {text}: expected one character, or tab or space"),
    };

    private void CheckName()
    {
        if (Name.Length == 0 || !(char.IsLetter(Name[0]) || Name[0] == '_') || !Name.All(character => char.IsLetterOrDigit(character) || character == '_'))
        {
            Throw.Magic($"#!csv --name {Name}: not a variable's name; expected letters, digits and underscores, as machines_2");
        }
    }

    private MimeBundle Progress(ReadProgress progress)
    {
        var percent = ((int)(100 * progress.Fraction)).ToString(CultureInfo.InvariantCulture);
        var text = progress.Bytes == 0
            ? $"{File}: reading"
            : $"{File}: {Quantity.Bytes(progress.Bytes)} of {Quantity.Bytes(progress.TotalBytes)}, {progress.Rows:N0} rows, {Quantity.Of(progress.BytesPerSecond, "B/s")}";
        return MimeBundle.Html($"<div><progress max=\"100\" value=\"{percent}\"></progress> {Html.Encode(text)}</div>", $"{text} ({percent} %)");
    }

    /// <summary>The frame as it is always shown; in plain text, how it was read and what its columns hold.</summary>
    private MimeBundle Result(Frame frame)
    {
        var report = frame.Report!;
        var text = new StringBuilder($"{Name}: {frame.RowCount:N0} rows x {frame.ColumnCount:N0} columns from {report.Source}, ");
        text.Append($"{Quantity.Bytes(report.Bytes)} in {Quantity.Seconds(report.Elapsed.TotalSeconds)} ({Quantity.Of(report.BytesPerSecond, "B/s")})");
        foreach (var skipped in report.FirstSkipped.Take(5))
        {
            text.Append($"\nskipped: {skipped.Message}");
        }

        text.Append(report.SkippedRows > 5 ? $"\n{report.SkippedRows:N0} bad rows were skipped in all" : "");
        string[][] rows =
        [
            ["column", "type", "missing", "first values"],
            .. frame.Columns.Select(column => new[]
            {
                column.Name,
                column.Type.ShortName,
                column.MissingCount.ToString("N0", CultureInfo.InvariantCulture),
                string.Join(", ", Enumerable.Range(0, Math.Min(3, column.Count)).Select(row => column.IsMissing(row) ? "–" : CellText.Cut(CellText.Of(column[row]), 24))),
            }),
        ];
        text.Append('\n').Append(TextTable.Write(rows));
        var data = MimeBundles.Of(frame).Data.ToDictionary();
        data["text/plain"] = text.ToString();
        return new MimeBundle(data);
    }

    /// <summary>Keeps what was last reported, for whoever asks.</summary>
    private sealed class LatestProgress : IProgress<ReadProgress>
    {
        private readonly Lock gate = new();
        private ReadProgress latest;

        public ReadProgress Value
        {
            get
            {
                lock (gate)
                {
                    return latest;
                }
            }
        }

        public void Report(ReadProgress value)
        {
            lock (gate)
            {
                latest = value;
            }
        }
    }
}
