using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using TensorCell.Interactive;
using TensorCell.Jupyter.CSharp;
using TensorCell.Jupyter.Messaging;
using TensorCell.Jupyter.Notebooks;
using TensorCell.Jupyter.Packages;
using TensorCell.Jupyter.Sessions;
using TensorCell.Jupyter.Zmtp;

namespace TensorCell.Jupyter;

/// <summary>The errors of this room. Those with a type argument stand where a value is expected.</summary>
[StackTraceHidden]
internal static class Throw
{
    [DoesNotReturn]
    public static void Peer(string message) => throw new ZmtpException(message);

    [DoesNotReturn]
    public static T Peer<T>(string message) => throw new ZmtpException(message);

    [DoesNotReturn]
    public static void Message(string message, bool isForged = false) => throw new MessageException(message, isForged);

    [DoesNotReturn]
    public static T Message<T>(string message) => throw new MessageException(message);

    [DoesNotReturn]
    public static T Request<T>(string message) => throw new RequestException(message);

    [DoesNotReturn]
    public static void Format(string message, Exception? cause = null) => throw new FormatException(message, cause);

    [DoesNotReturn]
    public static T Format<T>(string message, Exception? cause = null) => throw new FormatException(message, cause);

    [DoesNotReturn]
    public static void NotebookFormat(string message, Exception? cause = null) => throw new NotebookFormatException(message, cause);

    [DoesNotReturn]
    public static T NotebookFormat<T>(string message, Exception? cause = null) => throw new NotebookFormatException(message, cause);

    [DoesNotReturn]
    public static void Code(string message) => throw new CodeException(message);

    [DoesNotReturn]
    public static void Package(string message) => throw new PackageException(message);

    [DoesNotReturn]
    public static T Package<T>(string message) => throw new PackageException(message);

    [DoesNotReturn]
    public static void CellExit(string message, Exception? cause = null) => throw new CellExitException(message, cause);

    /// <param name="function">What was called.</param>
    /// <param name="output">What it wanted an output for.</param>
    [DoesNotReturn]
    public static CellRun NoCell(string function, string output) => throw new InvalidOperationException(
        $"{function}: no cell is running here, so there is no output {output}");

    /// <param name="reason">Why nobody can be asked for input, and what would work.</param>
    [DoesNotReturn]
    public static void NoInput(string reason) => throw new InvalidOperationException($"input: {reason}");

    [DoesNotReturn]
    public static T NoInput<T>(string reason) => throw new InvalidOperationException($"input: {reason}");

    [DoesNotReturn]
    public static void NoVariableName(string name) => throw new ArgumentException(
        $"variable {name}: a name has letters, digits and underscores, and begins with no digit", nameof(name));

    [DoesNotReturn]
    public static void Undelivered(Exception cause) =>
        throw new IOException($"the cell's output could not be delivered: {cause.Message}", cause);
}
