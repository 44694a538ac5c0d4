using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TensorCell.Data.Parsing.Json;

/// <summary>Numbers, booleans or dates.</summary>
internal sealed unsafe class JsonValueSink<T, TParser>(ColumnPlan plan) : JsonSink(plan)
    where T : unmanaged, IComparable<T>
    where TParser : struct, IJsonParser<T>
{
    private readonly ValueStore<T> store = new();

    public override int BytesPerRow => sizeof(T);

    public override void Reserve(int rows) => store.Reserve(rows);

    private protected override Column Finish(int rows, ReadOnlySpan<Range> gaps) => store.Finish(Plan.Name, rows, gaps);

    private protected override void ParseCells(in JsonChunk chunk, ReadOnlySpan<JsonCell> cells)
    {
        if (Plan.NeedsWider)
        {
            Look(chunk, cells);
            return;
        }

        List<int>? missingRows = null;
        int stop = ParseValues(chunk, cells, ref missingRows);
        Look(chunk, cells[stop..]);
        store.AddMissing(missingRows);
    }

    /// <summary>Reads values until the end of the chunk, or the first that is not of the type where the schema does not give it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ParseValues(in JsonChunk chunk, ReadOnlySpan<JsonCell> cells, ref List<int>? missingRows)
    {
        byte* data = chunk.Window.Data;
        int row = 0;
        ref T target = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(store.Values), chunk.FirstRow);
        for (int index = 0; index < cells.Length; index++)
        {
            ref readonly JsonCell cell = ref cells[index];
            if (cell.Row != row)
            {
                AddMissing(chunk, row, cell.Row, ref missingRows);
                row = cell.Row;
            }

            if (!TParser.TryParse(cell.Kind, data + cell.Start, cell.Length, out Unsafe.Add(ref target, row))
                && !ParseOther(chunk, cell, out Unsafe.Add(ref target, row), ref missingRows))
            {
                return index;
            }

            row++;
        }

        AddMissing(chunk, row, chunk.Rows, ref missingRows);
        return cells.Length;
    }

    private void AddMissing(in JsonChunk chunk, int from, int to, ref List<int>? missingRows)
    {
        for (int row = chunk.FirstRow + from; row < chunk.FirstRow + to; row++)
        {
            store.Values[row] = ValueColumn<T>.Placeholder;
            (missingRows ??= []).Add(row);
        }
    }

    /// <summary>Reads a value that is not plainly of the type: null, spelled as a string, or bad.</summary>
    /// <returns>False when the column must be read again as another type.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ParseOther(in JsonChunk chunk, JsonCell cell, out T value, ref List<int>? missingRows)
    {
        byte* text = chunk.Window.Data + cell.Start;
        value = ValueColumn<T>.Placeholder;
        if (cell.Kind == JsonKind.Null)
        {
            (missingRows ??= []).Add(chunk.FirstRow + cell.Row);
            return true;
        }

        CheckNumber(cell.Kind, text, cell.Length);
        if (!Plan.IsGiven)
        {
            return false;
        }

        if (cell.Kind != JsonKind.String || !TParser.TryParseSpelled(text, cell.Length, out value))
        {
            value = ValueColumn<T>.Placeholder;
            Reject(chunk, cell, Plan.Index, TypeInference.Describe(Plan.Type));
        }

        return true;
    }

    /// <summary>Finds the type that the rest of the chunk's values need, since the column will be read again anyway.</summary>
    private void Look(in JsonChunk chunk, ReadOnlySpan<JsonCell> cells)
    {
        ColumnType? needed = Plan.Needed;
        for (int index = 0; index < cells.Length; index++)
        {
            JsonCell cell = cells[index];
            if (needed == ColumnType.Text)
            {
                CheckNumbers(chunk, cells[index..]);
                return;
            }

            ColumnType? type = Classify(cell.Kind, chunk.Window.Data + cell.Start, cell.Length);
            if (TypeInference.Join(needed, type) != needed)
            {
                Plan.Widen(type);
                needed = Plan.Needed;
            }
        }
    }
}
