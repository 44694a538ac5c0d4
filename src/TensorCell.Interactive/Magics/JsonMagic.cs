using TensorCell.Data;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!json</c>.</summary>
[Magic(
    "json",
    "Reads a file of JSON objects, one on each line or in one array, on all cores into a Frame of typed columns",
    Examples = ["#!json events.ndjson --name events", "#!json events.ndjson --name events --column user --type user.id=text --skip-bad-rows"])]
public sealed class JsonMagic : FileMagic
{
    private protected override string Command => "#!json";

    private protected override IReadOnlyList<string> Endings => [".json", ".jsonl", ".ndjson"];

    private protected override Func<IProgress<ReadProgress>, CancellationToken, Frame> Prepare(IReadOnlyDictionary<string, ColumnType>? schema)
    {
        var options = new NdJsonOptions { Schema = schema, Columns = Columns, BadRows = BadRows };
        return (progress, cancellation) => NdJson.Read(File, options, progress, cancellation);
    }
}
