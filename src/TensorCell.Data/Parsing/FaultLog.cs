namespace TensorCell.Data.Parsing;

/// <summary>The bad rows of a file, noted from all threads.</summary>
internal sealed class FaultLog(BadRows policy)
{
    private const int MostKept = 100;
    private readonly Lock gate = new();
    private readonly SortedSet<RecordFault> first = [];
    private readonly HashSet<int> badRows = [];
    private long recordCount;
    private volatile int lastChunk = int.MaxValue;

    /// <summary>The last chunk whose outcome can still matter.</summary>
    public int LastChunk => lastChunk;

    /// <summary>Rows of the frame to take out again, in no order.</summary>
    public IReadOnlyCollection<int> BadRows => badRows;

    /// <summary>Number of bad rows, those that never became rows of the frame among them.</summary>
    public long Count => recordCount + badRows.Count;

    /// <summary>The first of them in the file; of two in a row, the one in the earlier column.</summary>
    public IEnumerable<RecordFault> First => first;

    /// <summary>Notes the records of a chunk that are no rows.</summary>
    public void AddRecords(int chunk, List<RecordFault> faults)
    {
        if (faults.Count > 0)
        {
            lock (gate)
            {
                recordCount += faults.Count;
                Keep(chunk, faults);
            }
        }
    }

    /// <summary>Notes the rows of a chunk that have bad values.</summary>
    public void AddValues(int chunk, int firstRow, ChunkFaults faults)
    {
        if (faults.Rows.Count > 0)
        {
            lock (gate)
            {
                badRows.UnionWith(faults.Rows.Select(row => firstRow + row));
                Keep(chunk, faults.Kept);
            }
        }
    }

    /// <summary>Notes a record after which no other can be told.</summary>
    public void AddFatal(int chunk, RecordFault fault)
    {
        lock (gate)
        {
            Fatal = fault;
            Keep(chunk, [fault]);
        }
    }

    /// <summary>A record after which no other can be told, so that the file cannot be read even without its bad rows.</summary>
    public RecordFault? Fatal { get; private set; }

    private void Keep(int chunk, IEnumerable<RecordFault> faults)
    {
        foreach (RecordFault fault in faults)
        {
            if (first.Count < MostKept || fault.CompareTo(first.Max) < 0)
            {
                first.Add(fault);
                if (first.Count > MostKept)
                {
                    first.Remove(first.Max);
                }
            }
        }

        if ((policy == Data.BadRows.Throw || Fatal is not null) && chunk < lastChunk)
        {
            lastChunk = chunk;
        }
    }
}
