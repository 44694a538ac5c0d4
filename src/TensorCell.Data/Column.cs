using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Data;

/// <summary>One named, typed column of a <see cref="Frame"/>; immutable.</summary>
public abstract class Column
{
    private protected Column(string name, ColumnType type, int count)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Type = type;
        Count = count;
    }

    /// <summary>Its name, unique in its frame.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public ColumnType Type { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Number of rows without a value.</summary>
    public abstract int MissingCount { get; }

    /// <summary>Bytes that its values occupy in memory.</summary>
    public abstract long ByteSize { get; }

    /// <summary>The value of a row: <see cref="bool"/>, <see cref="long"/>, <see cref="float"/>, <see cref="double"/>,
    /// <see cref="DateOnly"/>, <see cref="DateTime"/> or <see cref="string"/>; null where it is missing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public object? this[int row]
    {
        get
        {
            CheckRow(row);
            return GetValue(row);
        }
    }

    /// <summary>A column of numbers, booleans or dates over existing memory, which is not copied.</summary>
    /// <typeparam name="T">bool, long, float, double, DateOnly or DateTime.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="values">A value for every row.</param>
    public static Column From<T>(string name, ReadOnlyMemory<T> values)
        where T : unmanaged, IComparable<T> => new ValueColumn<T>(name, values, null);

    /// <summary>A column of numbers, booleans or dates over an existing array, which is not copied.</summary>
    /// <typeparam name="T">bool, long, float, double, DateOnly or DateTime.</typeparam>
    public static Column From<T>(string name, T[] values)
        where T : unmanaged, IComparable<T> => new ValueColumn<T>(name, values, null);

    /// <summary>A column of numbers, booleans or dates; null is a missing value.</summary>
    /// <typeparam name="T">bool, long, float, double, DateOnly or DateTime.</typeparam>
    public static Column From<T>(string name, IEnumerable<T?> values)
        where T : unmanaged, IComparable<T> => ValueColumn<T>.Of(name, values);

    /// <summary>A column of 32-bit integers, held as 64-bit ones.</summary>
    public static Column From(string name, int[] values) =>
        new ValueColumn<long>(name, Array.ConvertAll(values, value => (long)value), null);

    /// <summary>A column of text; null is a missing value.</summary>
    public static Column From(string name, IEnumerable<string?> values) => TextColumn.Of(name, values);

    /// <summary>Whether a row has no value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public bool IsMissing(int row)
    {
        CheckRow(row);
        return GetIsMissing(row);
    }

    /// <summary>The values as they are stored, without a copy; a missing one is NaN, 0, false or the first date.</summary>
    /// <typeparam name="T">The type this column stores.</typeparam>
    /// <exception cref="InvalidOperationException">The column stores another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged, IComparable<T> =>
        this is ValueColumn<T> column ? column.Values.Span : throw Throw.WrongElement(this, typeof(T), "AsSpan");

    /// <summary>The values converted to an array: numbers and booleans to any number type, everything to <see cref="string"/>.</summary>
    /// <typeparam name="T">float, double, int, long, bool, DateOnly, DateTime or string.</typeparam>
    /// <remarks>A missing value is NaN in floating point and null as a string.</remarks>
    /// <exception cref="InvalidOperationException">The values do not convert, or one is missing and T has nothing for it.</exception>
    public T[] ToArray<T>() => ColumnConversion.ToArray<T>(this);

    /// <summary>A vector of the numbers or booleans, of its own memory; shape [rows]. A missing value is NaN.</summary>
    /// <param name="dtype">f32, f64, i64, i32 or bool.</param>
    /// <exception cref="InvalidOperationException">The column holds text or dates, or values that the dtype cannot hold.</exception>
    public Tensor ToTensor(DType dtype = DType.Float32) => TensorConversion.ToTensor(this, dtype);

    /// <summary>The same values under another name.</summary>
    public abstract Column Rename(string name);

    /// <summary>The values of some rows, in the given order; a row may come more than once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Column Take(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            CheckRow(row);
        }

        return TakeRows(rows);
    }

    /// <summary>A range of rows; the values are shared, not copied.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the column.</exception>
    public Column Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        return SliceRows(start, count);
    }

    /// <summary>The column's name, type, number of rows and first values.</summary>
    public override string ToString() => FrameText.Of(this);

    internal abstract object? GetValue(int row);

    internal abstract bool GetIsMissing(int row);

    /// <summary>The row's value as the file and the printed table show it; empty where it is missing.</summary>
    internal abstract string GetText(int row);

    private protected abstract Column TakeRows(ReadOnlySpan<int> rows);

    private protected abstract Column SliceRows(int start, int count);

    private void CheckRow(int row)
    {
        if ((uint)row >= (uint)Count)
        {
            throw Throw.NoRow(this, row);
        }
    }
}
