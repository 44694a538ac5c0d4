namespace TensorCell.Jupyter.Sessions;

/// <summary>Asks a cell's user for the lines its code reads from the console.</summary>
internal sealed class ConsoleReader(TextReader fallback) : TextReader
{
    /// <inheritdoc/>
    public override string? ReadLine()
    {
        if (CellRun.Current is not { } run)
        {
            return fallback.ReadLine();
        }

        string rest = run.UnreadInput;
        run.UnreadInput = "";
        return rest.Length > 0 ? rest[..^1] : run.Output.ReadInput("", false, run.Token);
    }

    /// <inheritdoc/>
    public override int Read()
    {
        if (CellRun.Current is not { } run)
        {
            return fallback.Read();
        }

        int character = Peek();
        run.UnreadInput = run.UnreadInput[1..];
        return character;
    }

    /// <inheritdoc/>
    public override int Peek()
    {
        if (CellRun.Current is not { } run)
        {
            return fallback.Peek();
        }

        if (run.UnreadInput.Length == 0)
        {
            run.UnreadInput = run.Output.ReadInput("", false, run.Token) + "\n";
        }

        return run.UnreadInput[0];
    }
}
