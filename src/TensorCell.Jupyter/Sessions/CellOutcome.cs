namespace TensorCell.Jupyter.Sessions;

/// <summary>How a cell ended.</summary>
/// <param name="Error">Null when it succeeded.</param>
public sealed record CellOutcome(CellError? Error)
{
    /// <summary>A cell that succeeded.</summary>
    public static CellOutcome Success { get; } = new((CellError?)null);

    /// <summary>A cell that was interrupted.</summary>
    public static CellOutcome Interrupted { get; } =
        new(new CellError("Interrupted", "The cell was interrupted.", ["Interrupted: the cell was interrupted; the variables stay."]));

    /// <summary>A cell that filled the heap and left no memory to say more; made before, since then nothing can be.</summary>
    public static CellOutcome OutOfMemory { get; } = new(new CellError(
        nameof(OutOfMemoryException),
        "Out of memory: the heap is full. Set large variables to null, or work on smaller parts.",
        ["OutOfMemoryException: Out of memory: the heap is full. Set large variables to null, or work on smaller parts."]));

    /// <summary>Whether the cell ran to its end.</summary>
    public bool Succeeded => Error is null;
}

/// <summary>Why a cell failed, in Jupyter's three parts.</summary>
/// <param name="Name">The exception's type, or <c>CompilationError</c>, or <c>Interrupted</c>.</param>
/// <param name="Message">What went wrong, in one paragraph.</param>
/// <param name="Traceback">Lines to show, the user's own frames only.</param>
public sealed record CellError(string Name, string Message, IReadOnlyList<string> Traceback);
