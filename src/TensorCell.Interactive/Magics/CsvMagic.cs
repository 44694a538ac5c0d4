using TensorCell.Data;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!csv</c>.</summary>
[Magic(
    "csv",
    "Reads a CSV file on all cores into a Frame of typed columns",
    Examples = ["#!csv machines.csv --name machines", "#!csv log.txt --name log --separator tab --type code=text --skip-bad-rows"])]
public sealed class CsvMagic : FileMagic
{
    /// <summary>What separates fields; found in the first record when empty.</summary>
    [Option("what separates fields: a character, or tab (default: what the first line suggests)", ValueName = "CHARACTER")]
    public string Separator { get; set; } = "";

    /// <summary>Whether the first record names the columns.</summary>
    [Option("whether the first line names the columns")]
    public CsvHeader Header { get; set; } = CsvHeader.Present;

    /// <summary>What begins a line to leave out.</summary>
    [Option("what begins a line to leave out", ValueName = "CHARACTER")]
    public string Comment { get; set; } = "";

    /// <summary>Fields that mean a missing value, beside the usual ones.</summary>
    [Option("a field that means a missing value, beside the usual ones; may be given repeatedly", ValueName = "TEXT")]
    public IReadOnlyList<string> Missing { get; set; } = [];

    private protected override string Command => "#!csv";

    private protected override IReadOnlyList<string> Endings => [".csv", ".tsv", ".txt"];

    /// <inheritdoc/>
    public override IEnumerable<string> Suggest(string property, INotebook? notebook) =>
        property == nameof(Separator) ? [",", ";", "tab", "|"] : base.Suggest(property, notebook);

    private protected override Func<IProgress<ReadProgress>, CancellationToken, Frame> Prepare(IReadOnlyDictionary<string, ColumnType>? schema)
    {
        var options = new CsvOptions
        {
            Separator = Character("--separator", Separator),
            Comment = Character("--comment", Comment),
            Header = Header,
            Missing = [.. CsvOptions.DefaultMissing, .. Missing],
            Schema = schema,
            Columns = Columns,
            BadRows = BadRows,
        };
        return (progress, cancellation) => Csv.Read(File, options, progress, cancellation);
    }

    private static char? Character(string option, string text) => text switch
    {
        "" => null,
        "tab" or "\\t" => '\t',
        "space" => ' ',
        { Length: 1 } => text[0],
        _ => Throw.Magic<char>($"#!csv {option} {text}: expected one character, or tab or space"),
    };
}
