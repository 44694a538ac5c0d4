namespace TensorCell.Data.Parsing;

/// <summary>What is known of a column before, while and after its fields are read.</summary>
internal sealed class ColumnPlan(string name, int index, ColumnType? type, bool isGiven, int quote, MissingTokens missing)
{
    private readonly Lock widening = new();
    private ColumnType? needed = type;
    private volatile bool needsWider = type is null;

    /// <summary>Its name in the frame.</summary>
    public string Name => name;

    /// <summary>Its number among the file's columns.</summary>
    public int Index => index;

    /// <summary>The type that its fields are read as; numbers while no value has been seen.</summary>
    public ColumnType Type { get; } = type ?? ColumnType.Float64;

    /// <summary>Whether the schema gave the type, so that other values are errors.</summary>
    public bool IsGiven => isGiven;

    /// <summary>What encloses fields; -1 when nothing does.</summary>
    public int Quote => quote;

    /// <summary>What means a missing value.</summary>
    public MissingTokens Missing => missing;

    /// <summary>Whether the column must be read again, as values were found that are not of the type, or none was known beforehand.</summary>
    public bool NeedsWider => needsWider;

    /// <summary>The type that all values found so far need.</summary>
    public ColumnType? Needed
    {
        get
        {
            lock (widening)
            {
                return needed;
            }
        }
    }

    /// <summary>Notes a value that is not of the type.</summary>
    public void Widen(ColumnType? found)
    {
        lock (widening)
        {
            needed = TypeInference.Join(needed, found);
            needsWider = true;
        }
    }

    /// <summary>The plan to read the column again, as the type that all of its values need; a column without values holds numbers.</summary>
    public ColumnPlan Widened() => new(name, index, Needed ?? ColumnType.Float64, isGiven, quote, missing);
}
