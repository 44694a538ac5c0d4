using System.Text;
using TensorCell.Data;
using TensorCell.Interactive.Formatting;

namespace TensorCell.Interactive.Magics;

/// <summary>A magic that reads a file into a frame, with progress, and shows what its columns hold.</summary>
public abstract class FileMagic : LineMagic
{
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(150);

    /// <summary>The file to read.</summary>
    [Argument("FILE", "the file to read, from the notebook's folder", IsRequired = true)]
    public string File { get; set; } = "";

    /// <summary>The variable that the frame becomes.</summary>
    [Option("the variable that the frame becomes", ValueName = "VARIABLE", IsRequired = true)]
    public string Name { get; set; } = "";

    /// <summary>The columns to read; all when none is given.</summary>
    [Option("a column to read; may be given repeatedly (default: all)", ValueName = "NAME")]
    public IReadOnlyList<string> Column { get; set; } = [];

    /// <summary>Types of columns; the others' are inferred.</summary>
    [Option("a column's type: bool, i64, f32, f64, date, datetime or text; may be given repeatedly (default: what its values are)", ValueName = "NAME=TYPE")]
    public IReadOnlyList<string> Type { get; set; } = [];

    /// <summary>Whether bad rows are left out and counted.</summary>
    [Option("leaves bad rows out and counts them, in place of stopping at the first")]
    public bool SkipBadRows { get; set; }

    /// <summary>The magic as it is typed.</summary>
    private protected abstract string Command { get; }

    /// <summary>Endings of the files that are suggested.</summary>
    private protected abstract IReadOnlyList<string> Endings { get; }

    /// <summary>What to do with bad rows.</summary>
    private protected BadRows BadRows => SkipBadRows ? BadRows.Skip : BadRows.Throw;

    /// <summary>The columns to read, or null.</summary>
    private protected IReadOnlyCollection<string>? Columns => Column.Count == 0 ? null : Column;

    /// <inheritdoc/>
    public override IEnumerable<string> Suggest(string property, INotebook? notebook) => property == nameof(File)
        ? NotebookFiles.Ending(Endings)
        : [];

    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook)
    {
        VariableName.Check(Name, Command, "frame");
        var latest = new LatestProgress();
        var reading = Prepare(Schema());
        var handle = notebook.Display(Progress(latest.Value));
        try
        {
            var read = Task.Run(() => reading(latest, notebook.Cancellation));
            while (await Task.WhenAny(read, Task.Delay(interval)) != read)
            {
                handle.Update(Progress(latest.Value));
            }

            var frame = await read;
            notebook.SetVariable(Name, frame, typeof(Frame));
            handle.Update(Result(frame));
        }
        catch (Exception exception) when (exception is ReadException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            handle.Update(MimeBundle.PlainText($"{File}: not read"));
            Throw.Magic($"{Command}: {exception.Message}", exception);
        }
        catch (OperationCanceledException)
        {
            handle.Update(MimeBundle.PlainText($"{File}: interrupted after {Quantity.Bytes(latest.Value.Bytes)}"));
            throw;
        }
    }

    /// <summary>Checks the options and gives what reads the file.</summary>
    /// <param name="schema">Types of columns by name, or null.</param>
    private protected abstract Func<IProgress<ReadProgress>, CancellationToken, Frame> Prepare(IReadOnlyDictionary<string, ColumnType>? schema);

    private Dictionary<string, ColumnType>? Schema()
    {
        var schema = new Dictionary<string, ColumnType>(StringComparer.Ordinal);
        foreach (var given in Type)
        {
            var equals = given.LastIndexOf('=');
            var types = Enum.GetValues<ColumnType>().Where(type => equals > 0 && type.ShortName == given[(equals + 1)..]).ToArray();
            if (types.Length == 0)
            {
                Throw.Magic($"{Command} --type {given}: expected a column and its type, as price=f64; the types are "
                    + string.Join(", ", Enum.GetValues<ColumnType>().Select(type => type.ShortName)));
            }

            schema[given[..equals]] = types[0];
        }

        return schema.Count == 0 ? null : schema;
    }

    private MimeBundle Progress(ReadProgress progress)
    {
        var text = progress.Bytes == 0
            ? $"{File}: reading"
            : $"{File}: {Quantity.Bytes(progress.Bytes)} of {Quantity.Bytes(progress.TotalBytes)}, {progress.Rows:N0} rows, {Quantity.Of(progress.BytesPerSecond, "B/s")}";
        return ProgressBar.Bundle(progress.Bytes == 0 ? 0 : progress.Fraction, text);
    }

    /// <summary>How the file was read, what its columns hold, and a few rows.</summary>
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
        text.Append('\n').Append(frame.Summarize());
        return MimeBundle.Html(FrameHtml.WriteRead(frame), text.ToString());
    }
}
