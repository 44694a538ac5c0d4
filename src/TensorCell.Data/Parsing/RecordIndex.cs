using TensorCell.Kernels;

namespace TensorCell.Data.Parsing;

/// <summary>Where the rows and fields of a window lie: each row's start, and each field's end, row by row.</summary>
internal sealed unsafe class RecordIndex(int columns) : IDisposable
{
    private CpuBuffer ends = CpuBuffer.Allocate(4 << 10);
    private CpuBuffer starts = CpuBuffer.Allocate(1 << 10);

    /// <summary>Fields of a row.</summary>
    public int Columns => columns;

    /// <summary>Complete rows found.</summary>
    public int Rows { get; set; }

    /// <summary>For each row, where its first field begins.</summary>
    public int* Starts => (int*)starts.Address;

    /// <summary>For each row and field, where the field ends.</summary>
    public int* Ends => (int*)ends.Address;

    /// <summary>How many ends there is room for.</summary>
    public int EndCapacity => (int)(ends.ByteLength / sizeof(int));

    /// <summary>How many rows there is room for.</summary>
    public int StartCapacity => (int)(starts.ByteLength / sizeof(int));

    public void Clear() => Rows = 0;

    /// <summary>Makes room for at least so many more ends after the first <paramref name="used"/>.</summary>
    public void ReserveEnds(int used, int more) => ends = Grown(ends, used, more);

    /// <summary>Makes room for at least so many more rows.</summary>
    public void ReserveStarts(int more) => starts = Grown(starts, Rows, more);

    /// <summary>The text of a field, quotes included.</summary>
    public byte* Field(ByteWindow window, int row, int column, out int length)
    {
        int* rowEnds = Ends + ((long)row * columns);
        int start = column == 0 ? Starts[row] : rowEnds[column - 1] + 1;
        length = rowEnds[column] - start;
        return window.Data + start;
    }

    public void Dispose()
    {
        ends.Dispose();
        starts.Dispose();
    }

    private static CpuBuffer Grown(CpuBuffer buffer, int used, int more)
    {
        long needed = ((long)used + more) * sizeof(int);
        if (needed <= buffer.ByteLength)
        {
            return buffer;
        }

        CpuBuffer larger = CpuBuffer.Allocate(Math.Max(needed, buffer.ByteLength * 2));
        buffer.AsSpan<int>(used).CopyTo(larger.AsSpan<int>(used));
        buffer.Dispose();
        return larger;
    }
}
