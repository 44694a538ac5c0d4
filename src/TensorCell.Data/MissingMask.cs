using System.Numerics;

namespace TensorCell.Data;

/// <summary>Which rows of a column have no value: one bit a row, set where it is missing.</summary>
internal sealed class MissingMask
{
    private readonly ulong[] words;

    public MissingMask(int rows)
    {
        Rows = rows;
        words = new ulong[(rows + 63) / 64];
    }

    public int Rows { get; }

    public bool this[int row]
    {
        get => (words[row >> 6] >> row & 1) != 0;
        set
        {
            ulong bit = 1UL << row;
            words[row >> 6] = value ? words[row >> 6] | bit : words[row >> 6] & ~bit;
        }
    }

    public int Count()
    {
        int count = 0;
        foreach (ulong word in words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>Marks a range of rows as missing.</summary>
    public void Mark(Range range)
    {
        (int row, int count) = range.GetOffsetAndLength(Rows);
        for (int end = row + count; row < end;)
        {
            int bits = Math.Min(64 - (row & 63), end - row);
            words[row >> 6] |= (ulong.MaxValue >> (64 - bits)) << row;
            row += bits;
        }
    }

    /// <summary>The mask of some of the rows, or null when none of them is missing.</summary>
    public MissingMask? Take(ReadOnlySpan<int> rows)
    {
        MissingMask taken = new(rows.Length);
        bool any = false;
        for (int row = 0; row < rows.Length; row++)
        {
            if (this[rows[row]])
            {
                taken[row] = true;
                any = true;
            }
        }

        return any ? taken : null;
    }

    /// <summary>The mask of a range of rows, or null when none of them is missing.</summary>
    public MissingMask? Slice(int start, int count)
    {
        MissingMask slice = new(count);
        bool any = false;
        for (int row = 0; row < count; row++)
        {
            if (this[start + row])
            {
                slice[row] = true;
                any = true;
            }
        }

        return any ? slice : null;
    }
}
