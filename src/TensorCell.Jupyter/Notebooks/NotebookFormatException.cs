namespace TensorCell.Jupyter.Notebooks;

/// <summary>A file is no notebook that can be read; the message says what was found and what would work.</summary>
public sealed class NotebookFormatException : Exception
{
    /// <summary>A format error with its whole explanation.</summary>
    public NotebookFormatException(string message)
        : base(message)
    {
    }

    /// <summary>A format error found by a parser below.</summary>
    public NotebookFormatException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
