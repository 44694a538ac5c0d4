namespace TensorCell.Data.Parsing;

/// <summary>What the bytes of a source are read as.</summary>
internal enum SourceFormat
{
    /// <summary>Comma-separated values.</summary>
    Csv,

    /// <summary>A JSON object on each line.</summary>
    NdJson,
}
