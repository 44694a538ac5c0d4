using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TensorCell.Data.Parsing;

/// <summary>Numbers, booleans or dates.</summary>
internal sealed unsafe class ValueSink<T, TParser>(ColumnPlan plan) : ColumnSink(plan)
    where T : unmanaged, IComparable<T>
    where TParser : struct, IValueParser<T>
{
    private readonly ValueStore<T> store = new();
    private readonly bool comparesFirst = plan.Missing.HoldValue<T, TParser>();

    public override void Reserve(int rows) => store.Reserve(rows);

    public override void Parse(in ChunkView chunk)
    {
        if (Plan.NeedsWider)
        {
            Look(chunk, 0);
            return;
        }

        List<int>? missingRows = null;
        int stop = ParseValues(chunk, ref missingRows);
        if (stop < chunk.Index.Rows)
        {
            Look(chunk, stop);
        }

        store.AddMissing(missingRows);
    }

    public override Column Finish(int rows) => store.Finish(Plan.Name, rows);

    /// <summary>Reads values until the end of the chunk, or the first that is not of the type where the schema does not give it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ParseValues(in ChunkView chunk, ref List<int>? missingRows)
    {
        RecordIndex index = chunk.Index;
        int rows = index.Rows;
        int columns = index.Columns;
        byte* data = chunk.Window.Data;
        int* starts = index.Starts;
        int* ends = index.Ends + Plan.Index;
        bool isFirst = Plan.Index == 0;
        ref T target = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(store.Values), chunk.FirstRow);
        for (int row = 0; row < rows; row++, ends += columns)
        {
            int start = isFirst ? starts[row] : ends[-1] + 1;
            if (!comparesFirst && TParser.TryParse(data + start, ends[0] - start, out Unsafe.Add(ref target, row)))
            {
                continue;
            }

            if (!ParseOther(chunk, row, data + start, ends[0] - start, out Unsafe.Add(ref target, row), ref missingRows))
            {
                return row;
            }
        }

        return rows;
    }

    /// <summary>Reads a field that is not plainly a value: quoted, between blanks, missing, or bad.</summary>
    /// <returns>False when the column must be read again as another type.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ParseOther(in ChunkView chunk, int row, byte* text, int length, out T value, ref List<int>? missingRows)
    {
        byte* inner = text;
        int innerLength = length;
        FieldContent content = FieldText.Unwrap(ref inner, ref innerLength, Plan.Quote, Plan.Missing);
        if (content == FieldContent.Missing)
        {
            value = ValueColumn<T>.Placeholder;
            (missingRows ??= []).Add(chunk.FirstRow + row);
            return true;
        }

        if (content == FieldContent.Value && TParser.TryParse(inner, innerLength, out value))
        {
            return true;
        }

        value = ValueColumn<T>.Placeholder;
        if (content == FieldContent.Malformed)
        {
            RejectQuotes(chunk, row, text, length);
            return true;
        }

        if (!Plan.IsGiven)
        {
            return false;
        }

        Reject(chunk, row, text, length, TypeInference.Describe(Plan.Type));
        return true;
    }

    /// <summary>Finds the type that the rest of the chunk's values need, since the column will be read again anyway.</summary>
    private void Look(in ChunkView chunk, int firstRow)
    {
        ColumnType? needed = Plan.Needed;
        for (int row = firstRow; row < chunk.Index.Rows; row++)
        {
            byte* text = chunk.Index.Field(chunk.Window, row, Plan.Index, out int length);
            if (length > 0 && *text == Plan.Quote && !FieldText.IsWellQuoted(text, length, (byte)Plan.Quote))
            {
                RejectQuotes(chunk, row, text, length);
            }

            if (needed == ColumnType.Text)
            {
                continue;
            }

            ColumnType? type = TypeInference.Classify(text, length, Plan.Quote, Plan.Missing);
            if (TypeInference.Join(needed, type) != needed)
            {
                Plan.Widen(type);
                needed = Plan.Needed;
            }
        }
    }
}
