using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Data.Parsing.Json;

/// <summary>The values of one chunk, column by column, in the order of their rows; rows without the key have none.</summary>
internal sealed unsafe class JsonCells : IDisposable
{
    private List<CpuBuffer> buffers = [];
    private CpuBuffer lists = CpuBuffer.Allocate(sizeof(CellList));

    /// <summary>Columns there are lists for.</summary>
    public int ColumnCount => buffers.Count;

    /// <summary>A list for each column.</summary>
    public CellList* Lists => (CellList*)lists.Address;

    /// <summary>The values of a column.</summary>
    public ReadOnlySpan<JsonCell> this[int column] => new(Lists[column].Cells, Lists[column].Count);

    /// <summary>Makes sure that there is a list for a column.</summary>
    public void Reserve(int column)
    {
        if (column < buffers.Count)
        {
            return;
        }

        int wanted = Math.Max(column + 1, buffers.Count * 2);
        CpuBuffer larger = CpuBuffer.Allocate((long)wanted * sizeof(CellList));
        new ReadOnlySpan<CellList>(Lists, buffers.Count).CopyTo(larger.AsSpan<CellList>(buffers.Count));
        lists.Dispose();
        lists = larger;
        while (buffers.Count < wanted)
        {
            Lists[buffers.Count] = default;
            buffers.Add(CpuBuffer.Allocate(0));
        }
    }

    /// <summary>Makes room for one more value of a column.</summary>
    public void Grow(int column)
    {
        CellList* list = Lists + column;
        int capacity = Math.Max(32, list->Capacity * 2);
        CpuBuffer larger = CpuBuffer.Allocate((long)capacity * sizeof(JsonCell));
        new ReadOnlySpan<JsonCell>(list->Cells, list->Count).CopyTo(larger.AsSpan<JsonCell>(list->Count));
        buffers[column].Dispose();
        buffers[column] = larger;
        list->Cells = (JsonCell*)larger.Address;
        list->Capacity = capacity;
    }

    /// <summary>Takes out the values of the last row.</summary>
    public void RemoveRow(int row)
    {
        for (int column = 0; column < buffers.Count; column++)
        {
            CellList* list = Lists + column;
            if (list->Count > 0 && list->Cells[list->Count - 1].Row == row)
            {
                list->Count--;
            }
        }
    }

    /// <summary>Takes out all values.</summary>
    public void Clear()
    {
        for (int column = 0; column < buffers.Count; column++)
        {
            Lists[column].Count = 0;
        }
    }

    public void Dispose()
    {
        lists.Dispose();
        foreach (CpuBuffer buffer in buffers)
        {
            buffer.Dispose();
        }

        buffers = [];
    }

    /// <summary>The values of a column, and how many there is room for.</summary>
    public struct CellList
    {
        /// <summary>The values.</summary>
        public JsonCell* Cells;

        /// <summary>How many there are.</summary>
        public int Count;

        /// <summary>How many there is room for.</summary>
        public int Capacity;

        /// <summary>Adds a value, for which there is room; of two in one row, the last stays.</summary>
        /// <param name="cell">The value.</param>
        /// <param name="replaced">The one whose place it took.</param>
        /// <returns>Whether it is the first in its row.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Add(JsonCell cell, out JsonCell replaced)
        {
            JsonCell* place = Cells + Count;
            if (Count > 0 && place[-1].Row == cell.Row)
            {
                replaced = place[-1];
                place[-1] = cell;
                return false;
            }

            replaced = default;
            *place = cell;
            Count++;
            return true;
        }
    }
}
