using System.Diagnostics;

namespace TensorCell.Data.Parsing;

/// <summary>
/// Reads one CSV source into a frame: looks at its head, guesses the columns' types from its first rows, then scans and parses it chunk by
/// chunk on all cores; columns that turn out to need a wider type are read once more. Nothing in the result depends on how the file was cut.
/// </summary>
internal sealed class CsvReader
{
    public const int DefaultChunkBytes = 256 << 10;
    private const int SampleRows = 1000;

    private readonly ByteSource source;
    private readonly CsvOptions options;
    private readonly CancellationToken cancellation;
    private readonly int chunkBytes;
    private readonly long startedAt = Stopwatch.GetTimestamp();
    private readonly ReadMeter meter;
    private readonly FaultLog faults;
    private readonly MissingTokens missing;
    private readonly ReadCompletion completion;

    public CsvReader(
        ByteSource source,
        CsvOptions options,
        IProgress<ReadProgress>? progress,
        CancellationToken cancellation,
        int chunkBytes = DefaultChunkBytes)
    {
        if (options.MaxRowBytes is < 1 or > 1 << 30)
        {
            throw Throw.BadOption("MaxRowBytes", $"{options.MaxRowBytes}", "1 to 1073741824");
        }

        this.source = source;
        this.options = options;
        this.cancellation = cancellation;
        this.chunkBytes = chunkBytes;
        meter = new ReadMeter(source.Length, progress, startedAt);
        faults = new FaultLog(options.BadRows);
        missing = new MissingTokens(options.Missing);
        completion = new ReadCompletion(source, options.BadRows, faults, meter, startedAt);
    }

    /// <summary>Reads everything.</summary>
    public Frame Read()
    {
        CsvHead head = CsvHead.Read(source, options, missing);
        bool[] isSelected = Select(head.Names);
        ColumnPlan[] plans = Plan(head, isSelected, out double bytesPerRow);
        ColumnSink[] sinks = Array.ConvertAll(plans, ColumnSink.Create);
        ChunkPass pass = new(source, options, head, meter, faults, chunkBytes, cancellation);
        int rows = pass.ReadAll(sinks, bytesPerRow);
        completion.ThrowFaults(column => head.Names[column]);

        ColumnSink[] widened = [.. sinks.Where(sink => sink.Plan.NeedsWider).Select(sink => ColumnSink.Create(sink.Plan.Widened()))];
        if (widened.Length > 0)
        {
            pass.ReadAgain(widened, rows);
            completion.ThrowFaults(column => head.Names[column]);
        }

        Dictionary<int, ColumnSink> widenedOf = widened.ToDictionary(sink => sink.Plan.Index);
        Column[] columns = Array.ConvertAll(sinks, sink => widenedOf.GetValueOrDefault(sink.Plan.Index, sink).Finish(rows));
        return completion.Complete(new Frame(columns), column => head.Names[column]);
    }

    private bool[] Select(string[] names)
    {
        foreach (string name in (options.Schema?.Keys ?? []).Concat(options.Columns ?? []))
        {
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                string near = names.MinBy(other => NameDistance.Between(name, other))!;
                throw Throw.Read(source, 0, name, $"found no such column; expected it, as it was asked for; the nearest is \"{near}\"");
            }
        }

        return Array.ConvertAll(names, name => options.Columns?.Contains(name) ?? true);
    }

    /// <summary>What the options and the first rows tell of the columns.</summary>
    private unsafe ColumnPlan[] Plan(CsvHead head, bool[] isSelected, out double bytesPerRow)
    {
        using RecordScanner scanner = new(head.Dialect, head.Names.Length, options.MaxRowBytes);
        int sampleBytes = (int)Math.Min(CsvReader.DefaultChunkBytes, source.Length - head.DataStart);
        scanner.Window.Load(source, head.DataStart, sampleBytes);
        scanner.Scan(source, 0, sampleBytes, isGuess: true);
        int rows = scanner.Index.Rows;
        bytesPerRow = rows == 0 ? sampleBytes + 1 : Math.Max(1, (double)(scanner.NextRecord - head.DataStart) / rows);
        List<ColumnPlan> plans = [];
        for (int column = 0; column < isSelected.Length; column++)
        {
            if (!isSelected[column])
            {
                continue;
            }

            string name = head.Names[column];
            ColumnType? type = null;
            bool isGiven = options.Schema?.TryGetValue(name, out ColumnType given) == true;
            if (isGiven)
            {
                type = options.Schema![name];
            }

            for (int row = 0; row < Math.Min(rows, SampleRows) && !isGiven && type != ColumnType.Text; row++)
            {
                byte* text = scanner.Index.Field(scanner.Window, row, column, out int length);
                type = TypeInference.Join(type, TypeInference.Classify(text, length, head.Dialect.Quote, missing));
            }

            plans.Add(new ColumnPlan(name, column, type, isGiven, head.Dialect.Quote, missing));
        }

        return [.. plans];
    }
}
