using System.Diagnostics;
using TensorCell.Kernels;

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
        ThrowFaults(head);

        ColumnSink[] widened = [.. sinks.Where(sink => sink.Plan.NeedsWider).Select(sink => ColumnSink.Create(sink.Plan.Widened()))];
        if (widened.Length > 0)
        {
            pass.ReadAgain(widened, rows);
            ThrowFaults(head);
        }

        Dictionary<int, ColumnSink> widenedOf = widened.ToDictionary(sink => sink.Plan.Index);
        Column[] columns = Array.ConvertAll(sinks, sink => widenedOf.GetValueOrDefault(sink.Plan.Index, sink).Finish(rows));
        return Complete(head, new Frame(columns));
    }

    private bool[] Select(string[] names)
    {
        foreach (string name in (options.Schema?.Keys ?? []).Concat(options.Columns ?? []))
        {
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                string near = names.MinBy(other => NameDistance.Between(name, other))!;
                throw Throw.Csv(source.Name, 0, name, $"found no such column; expected it, as it was asked for; the nearest is \"{near}\"");
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

    private Frame Complete(CsvHead head, Frame frame)
    {
        if (faults.BadRows.Count > 0)
        {
            HashSet<int> bad = [.. faults.BadRows];
            frame = frame.Take([.. Enumerable.Range(0, frame.RowCount).Where(row => !bad.Contains(row))]);
        }

        long end = Stopwatch.GetTimestamp();
        if (Tracing.IsEnabled)
        {
            Tracing.Write(new TraceEvent(TraceKind.Parse, source.Name, Device.Cpu.Name, startedAt, end, source.Length, 0));
        }

        meter.Finish(frame.RowCount);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(startedAt, end);
        return new Frame(frame.Columns)
        {
            Report = new ReadReport(source.Name, source.Length, frame.RowCount, faults.Count, Locate(head, [.. faults.First]), elapsed),
        };
    }

    private void ThrowFaults(CsvHead head)
    {
        RecordFault[] thrown = options.BadRows == BadRows.Throw ? [.. faults.First.Take(1)]
            : faults.Fatal is RecordFault fatal ? [fatal]
            : [];
        if (thrown.Length > 0)
        {
            throw Locate(head, thrown)[0];
        }
    }

    private CsvException[] Locate(CsvHead head, RecordFault[] found)
    {
        long[] lines = LineCounter.LinesAt(source, Array.ConvertAll(found, fault => fault.Offset));
        CsvException[] located = new CsvException[found.Length];
        for (int index = 0; index < located.Length; index++)
        {
            string? column = found[index].Column < 0 ? null : head.Names[found[index].Column];
            located[index] = new CsvException(source.Name, lines[index], column, found[index].Problem);
        }

        return located;
    }
}
