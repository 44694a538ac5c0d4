namespace TensorCell.Data;

/// <summary>An NDJSON file is not what was asked for.</summary>
public sealed class NdJsonException : ReadException
{
    internal NdJsonException(string source, long line, string? column, string problem)
        : base(source, line, column, problem)
    {
    }
}
