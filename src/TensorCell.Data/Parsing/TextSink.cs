using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing;

/// <summary>Text.</summary>
internal sealed unsafe class TextSink(ColumnPlan plan) : ColumnSink(plan)
{
    private readonly TextStore store = new();

    public override void Reserve(int rows) => store.Reserve(rows);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Parse(in ChunkView chunk)
    {
        RecordIndex index = chunk.Index;
        TextInterner interner = chunk.Interner;
        interner.Clear();
        Span<int> target = store.Codes.AsSpan(chunk.FirstRow, index.Rows);
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

        store.Add(chunk.Number, chunk.FirstRow, index.Rows, interner);
    }

    public override Column Finish(int rows) => store.Finish(Plan.Name, rows);

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
}
