using System.Text;

namespace TensorCell.Data;

/// <summary>Texts as UTF-8, one after another, in blocks; an index counts through all blocks.</summary>
internal sealed class TextTable
{
    private readonly TextBlock[] blocks;
    private readonly int[] starts;

    /// <summary>A table over blocks.</summary>
    /// <param name="blocks">The blocks, in order.</param>
    /// <param name="isDistinct">Whether no text comes twice.</param>
    public TextTable(TextBlock[] blocks, bool isDistinct)
    {
        this.blocks = blocks;
        IsDistinct = isDistinct;
        starts = new int[blocks.Length];
        for (int block = 0; block < blocks.Length; block++)
        {
            starts[block] = Count;
            Count += blocks[block].Count;
            ByteSize += blocks[block].ByteSize;
        }
    }

    public int Count { get; }

    public long ByteSize { get; }

    public bool IsDistinct { get; }

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            if (blocks.Length == 1)
            {
                return blocks[0][index];
            }

            int found = Array.BinarySearch(starts, index);
            int block = found >= 0 ? found : ~found - 1;
            while (blocks[block].Count == 0)
            {
                block++;
            }

            return blocks[block][index - starts[block]];
        }
    }

    public string GetString(int index) => Encoding.UTF8.GetString(this[index]);
}
