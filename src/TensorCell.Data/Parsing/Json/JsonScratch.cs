namespace TensorCell.Data.Parsing.Json;

/// <summary>What one thread uses for chunk after chunk.</summary>
internal sealed class JsonScratch(JsonColumns columns, int maxRowBytes, bool checksNumbers) : IDisposable
{
    public JsonRecordReader Reader { get; } = new(columns, maxRowBytes, checksNumbers);

    public ChunkFaults Faults { get; } = new();

    public TextInterner Interner { get; } = new();

    /// <summary>What is known of a chunk, for sinks to read values from that <see cref="Reader"/> found; no value is bad yet.</summary>
    public JsonChunk Begin(ReadChunk known)
    {
        Faults.Clear();
        return new JsonChunk(known.Number, Reader.Window, known.FirstRow, known.Rows, Faults, Interner);
    }

    public void Dispose() => Reader.Dispose();
}
