namespace TensorCell.Data.Parsing.Json;

/// <summary>What one thread uses for chunk after chunk.</summary>
internal sealed class JsonScratch(JsonColumns columns, int maxRowBytes, bool checksNumbers) : IDisposable
{
    public JsonRecordReader Reader { get; } = new(columns, maxRowBytes, checksNumbers);

    public ChunkFaults Faults { get; } = new();

    public TextInterner Interner { get; } = new();

    public void Dispose() => Reader.Dispose();
}
