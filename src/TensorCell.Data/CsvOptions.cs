namespace TensorCell.Data;

/// <summary>How a CSV file is written; the defaults read what RFC 4180 and most programs write.</summary>
public sealed record CsvOptions
{
    /// <summary>The tokens that mean a missing value unless others are given.</summary>
    public static IReadOnlyList<string> DefaultMissing { get; } = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];

    /// <summary>What separates fields; null finds it among comma, semicolon, tab and bar in the first record.</summary>
    public char? Separator { get; init; }

    /// <summary>What encloses fields that hold separators or line ends, and is doubled inside them; null when nothing does.</summary>
    public char? Quote { get; init; } = '"';

    /// <summary>What begins a line to be left out; null when nothing does.</summary>
    public char? Comment { get; init; }

    /// <summary>Whether the first record holds the names of the columns.</summary>
    public CsvHeader Header { get; init; } = CsvHeader.Present;

    /// <summary>Unquoted fields that mean a missing value.</summary>
    public IReadOnlyList<string> Missing { get; init; } = DefaultMissing;

    /// <summary>Types of columns by name; the others' are inferred from every value they hold.</summary>
    public IReadOnlyDictionary<string, ColumnType>? Schema { get; init; }

    /// <summary>The columns to read, by name, in the order they come in the file; null reads all.</summary>
    public IReadOnlyCollection<string>? Columns { get; init; }

    /// <summary>What to do with a row that has too few or too many fields, or a value that is not of the schema's type.</summary>
    public BadRows BadRows { get; init; } = BadRows.Throw;

    /// <summary>Bytes that one row may have; more means that a quote was never closed.</summary>
    public int MaxRowBytes { get; init; } = 16 << 20;
}
