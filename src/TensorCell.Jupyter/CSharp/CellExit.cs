using System.Diagnostics.CodeAnalysis;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Stands for <see cref="Environment"/>'s ways to end the process. Called by woven cells.</summary>
public static class CellExit
{
    /// <summary>Ends the cell instead of the process.</summary>
    /// <exception cref="CellExitException">Always.</exception>
    [DoesNotReturn]
    public static void Exit(int exitCode) =>
        Throw.CellExit(
            $"Environment.Exit({exitCode}) ended this cell; the notebook's process and variables stay. Restart the kernel to end them too.");

    /// <summary>Ends the cell instead of the process.</summary>
    /// <exception cref="CellExitException">Always.</exception>
    [DoesNotReturn]
    public static void FailFast(string? message) => FailFast(message, null);

    /// <summary>Ends the cell instead of the process.</summary>
    /// <exception cref="CellExitException">Always.</exception>
    [DoesNotReturn]
    public static void FailFast(string? message, Exception? exception) =>
        Throw.CellExit(
            $"Environment.FailFast ended this cell: {message}\nThe notebook's process and variables stay.", exception);
}

/// <summary>The cell asked to end the process.</summary>
public sealed class CellExitException(string message, Exception? innerException = null) : Exception(message, innerException);
