using System.Text;

namespace TensorCell.Data;

/// <summary>
/// A column of text: a code per row into a table of texts, -1 where there is none. A column of few different texts is a category:
/// <see cref="Codes"/> numbers them in the order in which they first come.
/// </summary>
public sealed class TextColumn : Column
{
    private readonly ReadOnlyMemory<int> codes;
    private readonly TextTable table;
    private readonly Lazy<TextCategories> categories;

    internal TextColumn(string name, ReadOnlyMemory<int> codes, TextTable table)
        : base(name, ColumnType.Text, codes.Length)
    {
        this.codes = codes;
        this.table = table;
        MissingCount = codes.Span.Count(-1);

        // In this mode it keeps no failure: whoever is interrupted in it can ask again.
        categories = new Lazy<TextCategories>(() => TextCategories.Of(this.codes.Span, this.table), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <inheritdoc/>
    public override int MissingCount { get; }

    /// <inheritdoc/>
    public override long ByteSize => (4L * Count) + table.ByteSize;

    /// <summary>The different texts of the column, in the order in which they first come.</summary>
    public IReadOnlyList<string> Categories => categories.Value.Texts;

    /// <summary>For each row the index of its text in <see cref="Categories"/>, -1 where it is missing.</summary>
    public ReadOnlySpan<int> Codes => categories.Value.Codes;

    /// <summary>The text of a row; null where it is missing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public new string? this[int row] => (string?)base[row];

    /// <inheritdoc/>
    public override Column Rename(string name) => new TextColumn(name, codes, table);

    internal static TextColumn Of(string name, IEnumerable<string?> values)
    {
        string?[] items = [.. values];
        int[] codes = new int[items.Length];
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        List<byte> bytes = [];
        List<int> ends = [];
        for (int row = 0; row < items.Length; row++)
        {
            if (items[row] is not string text)
            {
                codes[row] = -1;
                continue;
            }

            if (!known.TryGetValue(text, out codes[row]))
            {
                codes[row] = known.Count;
                known.Add(text, codes[row]);
                bytes.AddRange(Encoding.UTF8.GetBytes(text));
                ends.Add(bytes.Count);
            }
        }

        return new TextColumn(name, codes, new TextTable([new TextBlock([.. bytes], [.. ends], ends.Count)], isDistinct: true));
    }

    internal override object? GetValue(int row) => GetIsMissing(row) ? null : table.GetString(codes.Span[row]);

    internal override bool GetIsMissing(int row) => codes.Span[row] < 0;

    internal override string GetText(int row) => GetIsMissing(row) ? "" : table.GetString(codes.Span[row]);

    /// <summary>For each text of the table, how many rows have it; null when a text may be in the table more than once.</summary>
    internal int[]? CountTexts()
    {
        if (!table.IsDistinct)
        {
            return null;
        }

        int[] counts = new int[table.Count];
        foreach (int code in codes.Span)
        {
            if (code >= 0)
            {
                counts[code]++;
            }
        }

        return counts;
    }

    /// <summary>A text of the table.</summary>
    internal string TextOf(int code) => table.GetString(code);

    internal ReadOnlySpan<byte> GetBytes(int row) => table[codes.Span[row]];

    private protected override Column TakeRows(ReadOnlySpan<int> rows)
    {
        ReadOnlySpan<int> source = codes.Span;
        int[] taken = GC.AllocateUninitializedArray<int>(rows.Length);
        for (int row = 0; row < taken.Length; row++)
        {
            taken[row] = source[rows[row]];
        }

        return new TextColumn(Name, taken, table);
    }

    private protected override Column SliceRows(int start, int count) => new TextColumn(Name, codes.Slice(start, count), table);
}
