namespace TensorCell.Data;

/// <summary>A CSV file is not what was asked for.</summary>
public sealed class CsvException : ReadException
{
    internal CsvException(string source, long line, string? column, string problem)
        : base(source, line, column, problem)
    {
    }
}
