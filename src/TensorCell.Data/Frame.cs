using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Data;

/// <summary>A table: named, typed columns of one length. Immutable; columns are shared, not copied, between frames.</summary>
public sealed class Frame
{
    private readonly Column[] columns;
    private readonly Dictionary<string, int> indexOfName = new(StringComparer.Ordinal);
    private FrameSummary? summary;

    /// <summary>A frame of columns.</summary>
    /// <exception cref="ArgumentException">Two columns have one name, or their lengths differ.</exception>
    public Frame(params IEnumerable<Column> columns)
    {
        this.columns = [.. columns];
        for (int index = 0; index < this.columns.Length; index++)
        {
            Column column = this.columns[index];
            if (!indexOfName.TryAdd(column.Name, index))
            {
                throw Throw.DuplicateName(column.Name);
            }

            if (column.Count != this.columns[0].Count)
            {
                throw Throw.UnequalLengths(this.columns[0], column);
            }
        }
    }

    /// <summary>Number of rows.</summary>
    public int RowCount => columns.Length == 0 ? 0 : columns[0].Count;

    /// <summary>Number of columns.</summary>
    public int ColumnCount => columns.Length;

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<Column> Columns => columns;

    /// <summary>The names of the columns, in order.</summary>
    public IEnumerable<string> ColumnNames => columns.Select(column => column.Name);

    /// <summary>Bytes that the values of all columns occupy in memory.</summary>
    public long ByteSize => columns.Sum(column => column.ByteSize);

    /// <summary>How the frame was read; null when it was not read from a file.</summary>
    public ReadReport? Report { get; init; }

    /// <summary>The rows, one after another.</summary>
    public FrameRows Rows => new(this);

    /// <summary>The column of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public Column this[string name] =>
        indexOfName.TryGetValue(name, out int index) ? columns[index] : throw Throw.NoColumn(this, name);

    /// <summary>The column at that place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public Column this[int index] => (uint)index < (uint)columns.Length ? columns[index] : throw Throw.NoColumnIndex(this, index);

    /// <summary>A range of rows: <c>frame[10..20]</c>, <c>frame[^5..]</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the frame.</exception>
    public Frame this[Range range]
    {
        get
        {
            (int start, int count) = range.GetOffsetAndLength(RowCount);
            return new Frame(columns.Select(column => column.Slice(start, count)));
        }
    }

    /// <summary>The text column of that name.</summary>
    /// <exception cref="ArgumentException">There is none, or it holds something else.</exception>
    public TextColumn Text(string name) => this[name] as TextColumn ?? throw Throw.NotText(this[name]);

    /// <summary>Whether there is a column of that name.</summary>
    public bool Contains(string name) => indexOfName.ContainsKey(name);

    /// <summary>The first rows.</summary>
    public Frame Head(int count = 5) => this[..Math.Clamp(count, 0, RowCount)];

    /// <summary>The last rows.</summary>
    public Frame Tail(int count = 5) => this[^Math.Clamp(count, 0, RowCount)..];

    /// <summary>Some of the columns, in the given order.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public Frame Select(params ReadOnlySpan<string> names)
    {
        Column[] selected = new Column[names.Length];
        for (int index = 0; index < selected.Length; index++)
        {
            selected[index] = this[names[index]];
        }

        return new Frame(selected);
    }

    /// <summary>All columns but these.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public Frame Without(params ReadOnlySpan<string> names)
    {
        HashSet<Column> removed = [];
        foreach (string name in names)
        {
            removed.Add(this[name]);
        }

        return new Frame(columns.Where(column => !removed.Contains(column)));
    }

    /// <summary>This frame and one more column at its end, or in the place of the one that has its name.</summary>
    /// <exception cref="ArgumentException">The column's length is not the frame's.</exception>
    public Frame With(Column column) =>
        Contains(column.Name)
            ? new Frame(columns.Select(old => old.Name == column.Name ? column : old))
            : new Frame([.. columns, column]);

    /// <summary>The rows where the mask is true.</summary>
    /// <param name="mask">One value for each row.</param>
    /// <exception cref="ArgumentException">The mask has another length than the frame.</exception>
    public Frame Where(ReadOnlySpan<bool> mask)
    {
        if (mask.Length != RowCount)
        {
            throw Throw.MaskLength(mask.Length, RowCount);
        }

        List<int> rows = [];
        for (int row = 0; row < mask.Length; row++)
        {
            if (mask[row])
            {
                rows.Add(row);
            }
        }

        return Take([.. rows]);
    }

    /// <summary>The rows that satisfy a condition: <c>frame.Where(row => row.Number("rpm") > 900)</c>.</summary>
    public Frame Where(Func<FrameRow, bool> condition)
    {
        bool[] mask = new bool[RowCount];
        for (int row = 0; row < mask.Length; row++)
        {
            Interruption.Check();
            mask[row] = condition(new FrameRow(this, row));
        }

        return Where(mask);
    }

    /// <summary>The rows that have a value in every one of these columns; in every column of the frame when none is named.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public Frame DropMissing(params ReadOnlySpan<string> names)
    {
        IReadOnlyList<Column> looked = names.Length == 0 ? columns : Select(names).columns;
        bool[] mask = new bool[RowCount];
        Array.Fill(mask, true);
        foreach (Column column in looked.Where(column => column.MissingCount > 0))
        {
            for (int row = 0; row < mask.Length; row++)
            {
                mask[row] &= !column.GetIsMissing(row);
            }
        }

        return Where(mask);
    }

    /// <summary>Some of the rows, in the given order; a row may come more than once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Frame Take(params ReadOnlySpan<int> rows)
    {
        Column[] taken = new Column[columns.Length];
        for (int index = 0; index < taken.Length; index++)
        {
            taken[index] = columns[index].Take(rows);
        }

        return new Frame(taken);
    }

    /// <summary>
    /// A row for each column of numbers or booleans: how many values it has and lacks, their mean, sample standard deviation, smallest,
    /// quartiles and largest.
    /// </summary>
    public Frame Describe()
    {
        Column[] described = [.. columns.Where(column => column.Type.IsTensorElement)];
        ColumnStatistics[] statistics = Array.ConvertAll(described, ColumnStatistics.Of);
        return new Frame(
            Column.From("column", described.Select(column => column.Name)),
            Column.From("count", Array.ConvertAll(described, column => (long)(column.Count - column.MissingCount))),
            Column.From("missing", Array.ConvertAll(described, column => (long)column.MissingCount)),
            Column.From("mean", Array.ConvertAll(statistics, summary => summary.Mean)),
            Column.From("std", Array.ConvertAll(statistics, summary => summary.Deviation)),
            Column.From("min", Array.ConvertAll(statistics, summary => summary.Quantile(0))),
            Column.From("25%", Array.ConvertAll(statistics, summary => summary.Quantile(0.25))),
            Column.From("50%", Array.ConvertAll(statistics, summary => summary.Quantile(0.5))),
            Column.From("75%", Array.ConvertAll(statistics, summary => summary.Quantile(0.75))),
            Column.From("max", Array.ConvertAll(statistics, summary => summary.Quantile(1))));
    }

    /// <summary>
    /// What each column holds, in brief and from all rows: missing values, least, mean and greatest, a histogram, the most frequent texts.
    /// Shown as a table with a small picture of each distribution.
    /// </summary>
    public FrameSummary Summarize() => summary ??= FrameSummary.Of(this);

    /// <summary>Columns side by side as a matrix; shape [rows, columns], f32. A missing value is NaN, a boolean 0 or 1.</summary>
    /// <param name="names">The columns; when none is named, all that hold numbers.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidOperationException">A column holds text or dates.</exception>
    public Tensor ToTensor(params ReadOnlySpan<string> names) => TensorConversion.ToMatrix(
        names.Length == 0 ? [.. columns.Where(column => column.Type.IsNumeric)] : Select(names).columns, RowCount);

    /// <summary>
    /// The rows in batches, for training: <c>frame.Loader(["width", "height"], "species", 32)</c>. The inputs are a matrix of f32; text,
    /// integer and boolean targets are labels, an i64 for each row (of text, numbered as <see cref="TextColumn.Categories"/> and named by
    /// <see cref="DataLoader.Classes"/>); other numbers are f32 of shape [rows, 1].
    /// </summary>
    /// <param name="inputs">The columns of what a model is given.</param>
    /// <param name="target">The column of what it is to answer.</param>
    /// <param name="batchSize">Rows of a batch; the last one of an epoch may have fewer.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">What determines the orders.</param>
    /// <param name="dropLast">Whether to leave out a last batch of fewer rows.</param>
    /// <exception cref="ArgumentException">There is no such column, or the rows do not fill one batch.</exception>
    /// <exception cref="InvalidOperationException">A value is missing, or an input holds text or dates, or the target dates.</exception>
    public DataLoader Loader(
        IReadOnlyCollection<string> inputs, string target, int batchSize, bool shuffle = true, ulong seed = 0, bool dropLast = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(target);
        return LoaderConversion.Of(this, inputs, target, batchSize, shuffle, seed, dropLast);
    }

    /// <summary>The first rows as a table of plain text.</summary>
    public override string ToString() => FrameText.Of(this);
}
