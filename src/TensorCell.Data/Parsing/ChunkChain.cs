namespace TensorCell.Data.Parsing;

/// <summary>
/// What must go from each chunk to the next: where its first record begins, which only the end of the last record of the one before tells,
/// and how many rows came before. Everything else about chunks is done side by side.
/// </summary>
internal sealed class ChunkChain(long firstRecord, FaultLog faults)
{
    private readonly Lock gate = new();
    private int chunk;
    private long record = firstRecord;
    private long rows;
    private volatile bool isBroken;

    /// <summary>Waits until all chunks before have passed on, and tells what they did.</summary>
    /// <returns>False when one of them failed, or found what makes this one not matter.</returns>
    public bool TryReceive(int number, CancellationToken cancellation, out long firstRecord, out long rowsBefore)
    {
        SpinWait spin = default;
        while (Volatile.Read(ref chunk) != number && !isBroken)
        {
            spin.SpinOnce(sleep1Threshold: 200);
            if (number > faults.LastChunk)
            {
                (firstRecord, rowsBefore) = (0, 0);
                return false;
            }

            if (spin.NextSpinWillYield)
            {
                cancellation.ThrowIfCancellationRequested();
                Kernels.Interruption.Check();
            }
        }

        lock (gate)
        {
            (firstRecord, rowsBefore) = (record, rows);
        }

        return !isBroken;
    }

    /// <summary>Passes on to the next chunk; only for the one whose turn it is.</summary>
    public void Pass(long nextRecord, long chunkRows)
    {
        lock (gate)
        {
            record = nextRecord;
            rows += chunkRows;
            Volatile.Write(ref chunk, chunk + 1);
        }
    }

    /// <summary>Lets nobody wait any more.</summary>
    public void Break() => isBroken = true;
}
