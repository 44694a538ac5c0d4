namespace TensorCell.Data;

/// <summary>A file is not what was asked for; the message names file, line and column, what was found and what was expected.</summary>
public abstract class ReadException : FormatException
{
    private protected ReadException(string source, long line, string? column, string problem)
        : base(Compose(source, line, column, problem))
    {
        Source = source;
        Line = line;
        Column = column;
        Problem = problem;
    }

    /// <summary>The line of the file, from 1, where the bad row begins; 0 when the whole file is meant.</summary>
    public long Line { get; }

    /// <summary>The name of the column; null when the whole row is meant.</summary>
    public string? Column { get; }

    /// <summary>What was found and what was expected.</summary>
    public string Problem { get; }

    private static string Compose(string source, long line, string? column, string problem) =>
        source + (line > 0 ? $", line {line}" : "") + (column is null ? "" : $", column \"{column}\"") + ": " + problem;
}
