using TensorCell.Kernels;

namespace TensorCell.Data.Parsing;

/// <summary>
/// Text: a code per row into the texts of its chunk. At the end the texts of all chunks become one table of different texts, in the order in
/// which they first come; or, where most are different anyway, simply follow each other.
/// </summary>
internal sealed unsafe class TextSink(ColumnPlan plan) : ColumnSink(plan)
{
    private const long MostCategoryBytes = 256L << 20;
    private readonly Lock chunksLock = new();
    private readonly List<ChunkTexts> chunks = [];
    private int[] codes = [];

    public override void Reserve(int rows)
    {
        if (rows > codes.Length)
        {
            int[] larger = GC.AllocateUninitializedArray<int>(rows);
            codes.CopyTo(larger, 0);
            codes = larger;
        }
    }

    public override void Parse(in ChunkView chunk)
    {
        RecordIndex index = chunk.Index;
        TextInterner interner = chunk.Interner;
        interner.Clear();
        Span<int> target = codes.AsSpan(chunk.FirstRow, index.Rows);
        for (int row = 0; row < target.Length; row++)
        {
            byte* text = index.Field(chunk.Window, row, Plan.Index, out int length);
            if (length > 0 && *text == Plan.Quote)
            {
                target[row] = ParseQuoted(chunk, row, text, length);
            }
            else
            {
                target[row] = Plan.Missing.Contains(new ReadOnlySpan<byte>(text, length)) ? -1 : interner.Intern(text, length);
            }
        }

        ChunkTexts texts = new(chunk.Number, chunk.FirstRow, index.Rows, interner.ToBlock(), interner.IsDistinct);
        lock (chunksLock)
        {
            chunks.Add(texts);
        }
    }

    public override Column Finish(int rows)
    {
        chunks.Sort((first, second) => first.Number.CompareTo(second.Number));
        long texts = chunks.Sum(chunk => (long)chunk.Block.Count);
        long bytes = chunks.Sum(chunk => chunk.Block.ByteSize);
        bool isCategory = chunks.TrueForAll(chunk => chunk.IsDistinct) && texts <= Math.Max(4096, rows / 4) && bytes <= MostCategoryBytes;
        TextTable table = isCategory ? Merge() : Append();
        return new TextColumn(Plan.Name, SinkMemory.Fit(codes, rows), table);
    }

    private int ParseQuoted(in ChunkView chunk, int row, byte* text, int length)
    {
        byte quote = (byte)Plan.Quote;
        ReadOnlySpan<byte> inner = new(text + 1, Math.Max(0, length - 2));
        if (length >= 2 && text[length - 1] == quote && !inner.Contains(quote))
        {
            return chunk.Interner.Intern(text + 1, length - 2);
        }

        if (FieldText.IsWellQuoted(text, length, quote))
        {
            return chunk.Interner.InternQuoted(text + 1, length - 2, quote);
        }

        RejectQuotes(chunk, row, text, length);
        return -1;
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
            foreach (ref int code in codes.AsSpan(chunks[chunk].FirstRow, chunks[chunk].Rows))
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
            foreach (ref int code in codes.AsSpan(chunks[chunk].FirstRow, chunks[chunk].Rows))
            {
                code += code < 0 ? 0 : starts[chunk];
            }
        });
        return new TextTable([.. chunks.Select(chunk => chunk.Block)], isDistinct: false);
    }

    /// <summary>The texts that the codes of a chunk's rows mean.</summary>
    private sealed record ChunkTexts(int Number, int FirstRow, int Rows, TextBlock Block, bool IsDistinct);
}
