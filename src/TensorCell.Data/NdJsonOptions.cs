namespace TensorCell.Data;

/// <summary>How an NDJSON file is to be read.</summary>
public sealed record NdJsonOptions
{
    /// <summary>
    /// Types of columns by name, as <c>user.name</c>; the others' are inferred from every value they hold. A string that spells a value of the
    /// given type counts as one. An object or array given as <see cref="ColumnType.Text"/> is kept as JSON text; a column that the file
    /// does not have is missing in every row.
    /// </summary>
    public IReadOnlyDictionary<string, ColumnType>? Schema { get; init; }

    /// <summary>The columns to read, by name, in the order they come in the file; the name of an object stands for all in it. Null reads all.</summary>
    public IReadOnlyCollection<string>? Columns { get; init; }

    /// <summary>What to do with a line that is no JSON object, or has a value that is not of the schema's type.</summary>
    public BadRows BadRows { get; init; } = BadRows.Throw;

    /// <summary>Bytes that one line may have, at most 2^28.</summary>
    public int MaxRowBytes { get; init; } = 16 << 20;
}
