using System.Diagnostics;

namespace TensorCell.Data.Parsing.Json;

/// <summary>
/// Reads one NDJSON source into a frame: guesses the columns and their types from the first rows, then parses it chunk by chunk on all cores;
/// columns that turn out to need a wider type are read once more. Nothing in the result depends on how the file was cut.
/// </summary>
internal sealed class NdJsonReader
{
    public const int DefaultChunkBytes = 256 << 10;
    private readonly ByteSource source;
    private readonly NdJsonOptions options;
    private readonly CancellationToken cancellation;
    private readonly int chunkBytes;
    private readonly bool checksNumbers;
    private readonly ReadMeter meter;
    private readonly FaultLog faults;
    private readonly JsonColumns columns;
    private readonly ReadCompletion completion;

    private NdJsonReader(
        ByteSource source,
        NdJsonOptions options,
        IProgress<ReadProgress>? progress,
        CancellationToken cancellation,
        int chunkBytes,
        long startedAt,
        bool checksNumbers)
    {
        this.source = source;
        this.options = options;
        this.cancellation = cancellation;
        this.chunkBytes = chunkBytes;
        this.checksNumbers = checksNumbers;
        meter = new ReadMeter(source.Length, progress, startedAt);
        faults = new FaultLog(options.BadRows);
        columns = new JsonColumns(source, options);
        completion = new ReadCompletion(source, options.BadRows, faults, meter, startedAt);
    }

    /// <summary>Reads everything.</summary>
    public static Frame Read(
        ByteSource source,
        NdJsonOptions options,
        IProgress<ReadProgress>? progress,
        CancellationToken cancellation,
        int chunkBytes = DefaultChunkBytes)
    {
        if (options.MaxRowBytes is < 1 or > 1 << 28)
        {
            throw Throw.BadOption("MaxRowBytes", $"{options.MaxRowBytes}", "1 to 268435456");
        }

        long startedAt = Stopwatch.GetTimestamp();
        try
        {
            return new NdJsonReader(source, options, progress, cancellation, chunkBytes, startedAt, checksNumbers: false).Read();
        }
        catch (MalformedNumberException)
        {
            // Rare, and too dear to look for in every file: once more, telling good rows from bad before they are counted.
            return new NdJsonReader(source, options, progress, cancellation, chunkBytes, startedAt, checksNumbers: true).Read();
        }
    }

    private Frame Read()
    {
        long start = source.FindTextStart();
        ByteSource lines = JsonArray.IsArray(source, start) ? JsonArray.ToLines(source, start) : source;
        JsonPass pass = new(lines, options, columns, start, meter, faults, chunkBytes, checksNumbers, cancellation);
        int rows = pass.ReadAll(DefaultChunkBytes);
        completion.ThrowFaults(NameOf);

        JsonColumn[] found = [.. columns.All];
        JsonSink?[] widened = Array.ConvertAll(
            found, column => column.Sink is { Plan.NeedsWider: true } sink ? JsonSink.Create(sink.Plan.Widened()) : null);
        if (widened.Any(sink => sink is not null))
        {
            pass.ReadAgain(widened, rows);
            completion.ThrowFaults(NameOf);
        }

        Column[] finished = [.. Order(found, rows).Select(column => (widened[column.Id] ?? column.Sink ?? Empty(column)).Finish(rows))];
        return completion.Complete(new Frame(finished), NameOf);

        JsonSink Empty(JsonColumn column)
        {
            JsonSink sink = JsonSink.Create(
                new ColumnPlan(column.Name, column.Id, column.Given ?? ColumnType.Float64, isGiven: true, quote: -1, MissingTokens.None));
            sink.Reserve(rows);
            return sink;
        }
    }

    private string NameOf(int column) => columns[column].Name;

    /// <summary>The columns of the frame: as they are first found, then those that only the schema knows.</summary>
    private IEnumerable<JsonColumn> Order(JsonColumn[] found, int rows)
    {
        string[] names = [.. found.Where(column => column.FirstOffset < long.MaxValue).Select(column => column.Name)];
        foreach (string asked in options.Columns ?? [])
        {
            bool isThere = Array.Exists(found, column => column.Name == asked || column.Name.StartsWith(asked + ".", StringComparison.Ordinal));
            if (!isThere && rows > 0)
            {
                string near = names.MinBy(other => NameDistance.Between(asked, other)) ?? "";
                throw Throw.Read(
                    source, 0, asked, $"found no such key in any row; expected it, as it was asked for; the nearest is \"{near}\"");
            }
        }

        // Null where other rows have an object says nothing of its own.
        HashSet<string> objects = [.. names.SelectMany(Prefixes)];
        return found
            .Where(column => column.IsSelected && (column.Given is not null || column.FirstOffset < long.MaxValue))
            .Where(column => column.Sink is not null || column.Given is not null || !objects.Contains(column.Name))
            .OrderBy(column => column.FirstOffset)
            .ThenBy(column => column.FirstOffset == long.MaxValue ? column.Id : 0);
    }

    private static IEnumerable<string> Prefixes(string name)
    {
        for (int dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name[..dot];
        }
    }
}
