namespace TensorCell.Data.Parsing;

/// <summary>Where the values of one column go: memory for all rows, which chunks fill side by side.</summary>
internal abstract unsafe class ColumnSink(ColumnPlan plan)
{
    /// <summary>What the column is.</summary>
    public ColumnPlan Plan => plan;

    public static ColumnSink Create(ColumnPlan plan) => plan.Type switch
    {
        ColumnType.Boolean => new ValueSink<bool, BooleanParser>(plan),
        ColumnType.Int64 => new ValueSink<long, Int64Parser>(plan),
        ColumnType.Float32 => new ValueSink<float, FloatParser>(plan),
        ColumnType.Float64 => new ValueSink<double, DoubleParser>(plan),
        ColumnType.Date => new ValueSink<DateOnly, DateParser>(plan),
        ColumnType.DateTime => new ValueSink<DateTime, DateTimeParser>(plan),
        _ => new TextSink(plan),
    };

    /// <summary>Makes room for rows, keeping those there are; nobody else may use the sink meanwhile.</summary>
    public abstract void Reserve(int rows);

    /// <summary>Reads the column's fields of a chunk; room for its rows has been made.</summary>
    public abstract void Parse(in ChunkView chunk);

    /// <summary>The finished column.</summary>
    public abstract Column Finish(int rows);

    private protected void RejectQuotes(in ChunkView chunk, int row, byte* text, int length) =>
        Reject(chunk, row, text, length, "nothing after a closing quote, and quotes inside quotes doubled");

    private protected void Reject(in ChunkView chunk, int row, byte* text, int length, string expected) =>
        chunk.Faults.Add(row, chunk.OffsetOf(row), plan.Index, text, length, expected);
}
