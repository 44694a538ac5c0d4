using System.Runtime.CompilerServices;

namespace TensorCell.Data;

/// <summary>A column of numbers, booleans or dates: one array, and a mask of the rows without a value.</summary>
internal sealed class ValueColumn<T> : Column
    where T : unmanaged, IComparable<T>
{
    private readonly MissingMask? missing;

    public ValueColumn(string name, ReadOnlyMemory<T> values, MissingMask? missing)
        : base(name, ColumnTypes.Of<T>(), values.Length)
    {
        Values = values;
        this.missing = missing;
        MissingCount = missing?.Count() ?? 0;
    }

    public ReadOnlyMemory<T> Values { get; }

    public override int MissingCount { get; }

    public override long ByteSize => ((long)Count * Unsafe.SizeOf<T>()) + (missing is null ? 0 : ((long)Count + 63) / 64 * 8);

    /// <summary>What is stored where a value is missing.</summary>
    public static T Placeholder =>
        typeof(T) == typeof(double) ? (T)(object)double.NaN
        : typeof(T) == typeof(float) ? (T)(object)float.NaN
        : default;

    public static ValueColumn<T> Of(string name, IEnumerable<T?> values)
    {
        T?[] items = [.. values];
        T[] stored = new T[items.Length];
        MissingMask? mask = null;
        for (int row = 0; row < items.Length; row++)
        {
            if (items[row] is T value)
            {
                stored[row] = value;
            }
            else
            {
                stored[row] = Placeholder;
                (mask ??= new MissingMask(items.Length))[row] = true;
            }
        }

        return new ValueColumn<T>(name, stored, mask);
    }

    public override Column Rename(string name) => new ValueColumn<T>(name, Values, missing);

    internal override object? GetValue(int row) => GetIsMissing(row) ? null : Values.Span[row];

    internal override bool GetIsMissing(int row) => missing is not null && missing[row];

    internal override string GetText(int row) => GetIsMissing(row) ? "" : ValueText.Of(Values.Span[row]);

    private protected override Column TakeRows(ReadOnlySpan<int> rows)
    {
        ReadOnlySpan<T> source = Values.Span;
        T[] taken = GC.AllocateUninitializedArray<T>(rows.Length);
        for (int row = 0; row < taken.Length; row++)
        {
            taken[row] = source[rows[row]];
        }

        return new ValueColumn<T>(Name, taken, missing?.Take(rows));
    }

    private protected override Column SliceRows(int start, int count) =>
        new ValueColumn<T>(Name, Values.Slice(start, count), missing?.Slice(start, count));
}
