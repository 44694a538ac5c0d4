using TensorCell.Interactive;
using TensorCell.Interactive.Magics;
using TensorCell.Interactive.Python;
using TensorCell.Jupyter.CSharp;
using TensorCell.Jupyter.Packages;

namespace TensorCell.Jupyter.Sessions;

/// <summary>Turns what a cell threw into what its user reads.</summary>
internal static class CellErrors
{
    /// <summary>The outcome of a cell that ended with an exception.</summary>
    /// <param name="exception">What it threw.</param>
    /// <param name="isInterrupted">Whether the cell had been interrupted.</param>
    public static CellOutcome Of(Exception exception, bool isInterrupted)
    {
        if (isInterrupted && IsInterrupt(exception))
        {
            return CellOutcome.Interrupted;
        }

        return new CellOutcome(exception switch
        {
            CodeException error => new CellError("CompilationError", error.Message, error.Message.Split('\n')),
            PackageException error => new CellError("PackageError", error.Message, error.Message.Split('\n')),
            MagicException error => new CellError("MagicError", error.Message, error.Message.Split('\n')),
            PythonException error => new CellError(error.TypeName, error.PythonMessage, error.Message.Split('\n')),
            CellExitException error => new CellError("Exit", error.Message, error.Message.Split('\n')),
            _ => new CellError(
                exception.GetType().Name, CellStackTrace.MessageOf(exception), CellStackTrace.Describe(exception)),
        });
    }

    private static bool IsInterrupt(Exception? exception) =>
        exception is OperationCanceledException or ThreadInterruptedException
        || (exception is AggregateException aggregate && aggregate.InnerExceptions.Any(IsInterrupt))
        || (exception?.InnerException is { } inner && IsInterrupt(inner));
}
