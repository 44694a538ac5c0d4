namespace TensorCell.Data.Parsing.Json;

/// <summary>The columns found so far, for all threads.</summary>
internal sealed class JsonColumns
{
    /// <summary>More are taken for data written as keys.</summary>
    public const int MostColumns = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, JsonColumn> byName = new(StringComparer.Ordinal);
    private readonly List<JsonColumn> all = [];
    private readonly ByteSource source;
    private readonly NdJsonOptions options;

    public JsonColumns(ByteSource source, NdJsonOptions options)
    {
        this.source = source;
        this.options = options;
        foreach (string name in options.Schema?.Keys ?? [])
        {
            Get(name);
        }
    }

    /// <summary>The columns in the order of discovery.</summary>
    public IReadOnlyList<JsonColumn> All
    {
        get
        {
            lock (gate)
            {
                return [.. all];
            }
        }
    }

    /// <summary>The column of a number.</summary>
    public JsonColumn this[int id]
    {
        get
        {
            lock (gate)
            {
                return all[id];
            }
        }
    }

    /// <summary>Whether the schema gives a type for a name, so that an object found there is kept as it is.</summary>
    public bool IsGiven(string name) => options.Schema?.ContainsKey(name) == true;

    /// <summary>The column of a name.</summary>
    /// <exception cref="NdJsonException">There would be too many.</exception>
    public JsonColumn Get(string name)
    {
        lock (gate)
        {
            if (!byName.TryGetValue(name, out JsonColumn? column))
            {
                if (all.Count == MostColumns)
                {
                    throw TooMany();
                }

                ColumnType? given = options.Schema?.TryGetValue(name, out ColumnType type) == true ? type : null;
                column = new JsonColumn(all.Count, name, given, IsSelected(name));
                byName.Add(name, column);
                all.Add(column);
            }

            return column;
        }
    }

    /// <summary>The error for more keys than columns may be.</summary>
    public ReadException TooMany() => Throw.Read(source, 0, null,
        $"found more than {MostColumns} different keys; expected fewer. Where keys are data, keep their object as JSON text by giving it in the schema as ColumnType.Text");

    private bool IsSelected(string name) =>
        options.Columns is null
        || options.Columns.Any(asked => name.StartsWith(asked, StringComparison.Ordinal)
            && (name.Length == asked.Length || name[asked.Length] == '.'));
}
