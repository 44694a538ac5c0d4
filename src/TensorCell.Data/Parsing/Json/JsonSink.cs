using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing.Json;

/// <summary>Where the values of one column go: memory for all rows, which chunks fill side by side.</summary>
internal abstract unsafe class JsonSink(ColumnPlan plan)
{
    private readonly Lock filledLock = new();
    private readonly List<(int First, int Rows)> filled = [];

    /// <summary>What the column is.</summary>
    public ColumnPlan Plan => plan;

    /// <summary>Bytes that a row takes.</summary>
    public abstract int BytesPerRow { get; }

    public static JsonSink Create(ColumnPlan plan) => plan.Type switch
    {
        ColumnType.Boolean => new JsonValueSink<bool, JsonBooleanParser>(plan),
        ColumnType.Int64 => new JsonValueSink<long, JsonInt64Parser>(plan),
        ColumnType.Float32 => new JsonValueSink<float, JsonFloatParser>(plan),
        ColumnType.Float64 => new JsonValueSink<double, JsonDoubleParser>(plan),
        ColumnType.Date => new JsonValueSink<DateOnly, JsonTimeParser<DateOnly, DateParser>>(plan),
        ColumnType.DateTime => new JsonValueSink<DateTime, JsonTimeParser<DateTime, DateTimeParser>>(plan),
        _ => new JsonTextSink(plan),
    };

    /// <summary>The narrowest type of a value; null of none.</summary>
    /// <param name="kind">How it is written.</param>
    /// <param name="text">Its bytes.</param>
    /// <param name="length">Their number.</param>
    /// <exception cref="MalformedNumberException">It looks like a number and is none.</exception>
    public static ColumnType? Classify(JsonKind kind, byte* text, int length)
    {
        switch (kind)
        {
            case JsonKind.Null:
                return null;
            case JsonKind.Number:
                return JsonInt64Parser.TryParse(kind, text, length, out _) ? ColumnType.Int64
                    : JsonDoubleParser.TryParse(kind, text, length, out _) ? ColumnType.Float64
                    : JsonNumber.IsValid(text, length) ? ColumnType.Text
                    : throw new MalformedNumberException();
            case JsonKind.True or JsonKind.False:
                return ColumnType.Boolean;
            default:
                return JsonTimeParser<DateOnly, DateParser>.TryParse(kind, text, length, out _) ? ColumnType.Date
                    : JsonTimeParser<DateTime, DateTimeParser>.TryParse(kind, text, length, out _) ? ColumnType.DateTime
                    : ColumnType.Text;
        }
    }

    /// <summary>Makes room for rows, keeping those there are; nobody else may use the sink meanwhile.</summary>
    public abstract void Reserve(int rows);

    /// <summary>Reads the column's values of a chunk; room for its rows has been made.</summary>
    public void Parse(in JsonChunk chunk, ReadOnlySpan<JsonCell> cells)
    {
        lock (filledLock)
        {
            filled.Add((chunk.FirstRow, chunk.Rows));
        }

        ParseCells(chunk, cells);
    }

    /// <summary>The finished column; rows of chunks that it had no value in are missing.</summary>
    public Column Finish(int rows)
    {
        filled.Sort();
        List<Range> gaps = [];
        int next = 0;
        foreach ((int first, int count) in filled.Append((rows, 0)))
        {
            if (first > next)
            {
                gaps.Add(next..first);
            }

            next = first + count;
        }

        return Finish(rows, [.. gaps]);
    }

    /// <summary>Notes a value that cannot be in the column.</summary>
    public static void Reject(in JsonChunk chunk, JsonCell cell, int column, string expected) => chunk.Faults.Add(
        cell.Row, chunk.Window.Origin + cell.Start, column, chunk.Window.Data + cell.Start, cell.Length, expected);

    /// <exception cref="MalformedNumberException">A value looks like a number and is none.</exception>
    public static void CheckNumbers(in JsonChunk chunk, ReadOnlySpan<JsonCell> cells)
    {
        foreach (JsonCell cell in cells)
        {
            CheckNumber(cell.Kind, chunk.Window.Data + cell.Start, cell.Length);
        }
    }

    /// <exception cref="MalformedNumberException">The value looks like a number and is none.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected static void CheckNumber(JsonKind kind, byte* text, int length)
    {
        if (kind == JsonKind.Number && !JsonNumber.IsValid(text, length))
        {
            throw new MalformedNumberException();
        }
    }

    private protected abstract void ParseCells(in JsonChunk chunk, ReadOnlySpan<JsonCell> cells);

    private protected abstract Column Finish(int rows, ReadOnlySpan<Range> gaps);
}
