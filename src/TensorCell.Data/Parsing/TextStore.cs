using TensorCell.Kernels;

namespace TensorCell.Data.Parsing;

/// <summary>
/// The texts of one column: a code per row into the texts of its chunk. At the end the texts of all chunks become one table of different
/// texts, in the order in which they first come; or, where most are different anyway, simply follow each other.
/// </summary>
internal sealed unsafe class TextStore
{
    private const long MostCategoryBytes = 256L << 20;
    private readonly Lock chunksLock = new();
    private readonly List<ChunkTexts> chunks = [];

    /// <summary>A code for every row that there is room for; -1 where there is no text.</summary>
    public int[] Codes { get; private set; } = [];

    /// <summary>Makes room for rows, keeping those there are; nobody else may use the store meanwhile.</summary>
    public void Reserve(int rows)
    {
        if (rows > Codes.Length)
        {
            int[] larger = GC.AllocateUninitializedArray<int>(rows);
            Codes.CopyTo(larger, 0);
            Codes = larger;
        }
    }

    /// <summary>Adds the texts that the codes of a chunk's rows mean.</summary>
    public void Add(int number, int firstRow, int rows, TextInterner interner)
    {
        ChunkTexts texts = new(number, firstRow, rows, interner.ToBlock(), interner.IsDistinct);
        lock (chunksLock)
        {
            chunks.Add(texts);
        }
    }

    /// <summary>The finished column.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rows">Its number of rows.</param>
    /// <param name="gaps">Rows that no chunk had anything for.</param>
    public Column Finish(string name, int rows, ReadOnlySpan<Range> gaps = default)
    {
        foreach (Range gap in gaps)
        {
            Codes.AsSpan(gap).Fill(-1);
        }

        chunks.Sort((first, second) => first.Number.CompareTo(second.Number));
        long texts = chunks.Sum(chunk => (long)chunk.Block.Count);
        long bytes = chunks.Sum(chunk => chunk.Block.ByteSize);
        bool isCategory = chunks.TrueForAll(chunk => chunk.IsDistinct) && texts <= Math.Max(4096, rows / 4) && bytes <= MostCategoryBytes;
        TextTable table = isCategory ? Merge() : Append();
        return new TextColumn(name, SinkMemory.Fit(Codes, rows), table);
    }

    private TextTable Merge()
    {
        TextInterner all = new() { NeverGivesUp = true };
        all.Clear();
        int[][] numbers = new int[chunks.Count][];
        for (int chunk = 0; chunk < numbers.Length; chunk++)
        {
            TextBlock block = chunks[chunk].Block;
            numbers[chunk] = new int[block.Count];
            fixed (byte* bytes = block.Bytes)
            {
                for (int text = 0; text < block.Count; text++)
                {
                    int start = text == 0 ? 0 : block.Ends[text - 1];
                    numbers[chunk][text] = all.Intern(bytes + start, block.Ends[text] - start);
                }
            }
        }

        Workers.For(chunks.Count, chunk =>
        {
            foreach (ref int code in Codes.AsSpan(chunks[chunk].FirstRow, chunks[chunk].Rows))
            {
                code = code < 0 ? -1 : numbers[chunk][code];
            }
        });
        return new TextTable([all.ToBlock()], isDistinct: true);
    }

    private TextTable Append()
    {
        int[] starts = new int[chunks.Count];
        for (int chunk = 1; chunk < starts.Length; chunk++)
        {
            starts[chunk] = starts[chunk - 1] + chunks[chunk - 1].Block.Count;
        }

        Workers.For(chunks.Count, chunk =>
        {
            foreach (ref int code in Codes.AsSpan(chunks[chunk].FirstRow, chunks[chunk].Rows))
            {
                code += code < 0 ? 0 : starts[chunk];
            }
        });
        return new TextTable([.. chunks.Select(chunk => chunk.Block)], isDistinct: false);
    }

    /// <summary>The texts that the codes of a chunk's rows mean.</summary>
    private sealed record ChunkTexts(int Number, int FirstRow, int Rows, TextBlock Block, bool IsDistinct);
}
