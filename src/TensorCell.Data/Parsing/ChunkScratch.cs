namespace TensorCell.Data.Parsing;

/// <summary>What one thread uses for chunk after chunk.</summary>
internal sealed class ChunkScratch(RecordScanner scanner) : IDisposable
{
    public RecordScanner Scanner => scanner;

    public ChunkFaults Faults { get; } = new();

    public TextInterner Interner { get; } = new();

    public void Dispose() => scanner.Dispose();
}
