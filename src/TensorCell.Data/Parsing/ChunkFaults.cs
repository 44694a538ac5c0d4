namespace TensorCell.Data.Parsing;

/// <summary>The bad values of one chunk.</summary>
internal sealed class ChunkFaults
{
    private const int MostKept = 100;
    private readonly List<RecordFault> kept = [];

    /// <summary>The chunk's rows that are bad; a row may come more than once.</summary>
    public List<int> Rows { get; } = [];

    /// <summary>The first of them in the file, at least so many as anyone asks for.</summary>
    public IEnumerable<RecordFault> Kept => kept;

    public void Clear()
    {
        Rows.Clear();
        kept.Clear();
    }

    /// <summary>Notes a bad value.</summary>
    /// <param name="row">The row in the chunk.</param>
    /// <param name="offset">Where the row begins in the source.</param>
    /// <param name="column">The column's number.</param>
    /// <param name="text">What was found.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="expected">What was expected.</param>
    public unsafe void Add(int row, long offset, int column, byte* text, int length, string expected)
    {
        Rows.Add(row);
        if (kept.Count == MostKept)
        {
            if (kept[^1].CompareTo(new RecordFault(offset, column, "")) <= 0)
            {
                return;
            }

            kept.RemoveAt(MostKept - 1);
        }

        RecordFault fault = new(offset, column, $"found {FieldText.Show(text, length)}; expected {expected}");
        int place = kept.BinarySearch(fault);
        kept.Insert(place < 0 ? ~place : place, fault);
    }
}
