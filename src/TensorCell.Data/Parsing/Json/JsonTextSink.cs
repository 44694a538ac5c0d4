using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing.Json;

/// <summary>Text: strings as they are, everything else as JSON writes it.</summary>
internal sealed unsafe class JsonTextSink(ColumnPlan plan) : JsonSink(plan)
{
    private readonly TextStore store = new();

    public override int BytesPerRow => sizeof(int);

    public override void Reserve(int rows) => store.Reserve(rows);

    private protected override Column Finish(int rows, ReadOnlySpan<Range> gaps) => store.Finish(Plan.Name, rows, gaps);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void ParseCells(in JsonChunk chunk, ReadOnlySpan<JsonCell> cells)
    {
        TextInterner interner = chunk.Interner;
        interner.Clear();
        Span<int> codes = store.Codes.AsSpan(chunk.FirstRow, chunk.Rows);
        byte* data = chunk.Window.Data;
        int row = 0;
        foreach (ref readonly JsonCell cell in cells)
        {
            if (cell.Row != row)
            {
                codes[row..cell.Row].Fill(-1);
            }

            byte* text = data + cell.Start;
            int length = cell.Length;
            CheckNumber(cell.Kind, text, length);
            codes[cell.Row] = cell.Kind switch
            {
                JsonKind.Null => -1,
                JsonKind.Escaped => interner.InternEscaped(text, length),
                _ => interner.Intern(text, length),
            };
            row = cell.Row + 1;
        }

        codes[row..].Fill(-1);
        store.Add(chunk.Number, chunk.FirstRow, chunk.Rows, interner);
    }
}
