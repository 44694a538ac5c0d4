namespace TensorCell.Data.Parsing;

/// <summary>The values of one column and the rows without one, which chunks fill side by side.</summary>
internal sealed class ValueStore<T>
    where T : unmanaged, IComparable<T>
{
    private readonly Lock missingLock = new();
    private readonly List<int[]> missing = [];

    /// <summary>A value for every row that there is room for.</summary>
    public T[] Values { get; private set; } = [];

    /// <summary>Makes room for rows, keeping those there are; nobody else may use the store meanwhile.</summary>
    public void Reserve(int rows)
    {
        if (rows > Values.Length)
        {
            T[] larger = GC.AllocateUninitializedArray<T>(rows);
            Values.CopyTo(larger, 0);
            Values = larger;
        }
    }

    /// <summary>Notes rows without a value.</summary>
    public void AddMissing(List<int>? rows)
    {
        if (rows is not null)
        {
            lock (missingLock)
            {
                missing.Add([.. rows]);
            }
        }
    }

    /// <summary>The finished column.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rows">Its number of rows.</param>
    /// <param name="gaps">Rows that no chunk had anything for.</param>
    public Column Finish(string name, int rows, ReadOnlySpan<Range> gaps = default)
    {
        MissingMask? mask = null;
        foreach (int[] part in missing)
        {
            mask ??= new MissingMask(rows);
            foreach (int row in part)
            {
                mask[row] = true;
            }
        }

        foreach (Range gap in gaps)
        {
            mask ??= new MissingMask(rows);
            Values.AsSpan(gap).Fill(ValueColumn<T>.Placeholder);
            mask.Mark(gap);
        }

        return new ValueColumn<T>(name, SinkMemory.Fit(Values, rows), mask);
    }
}
