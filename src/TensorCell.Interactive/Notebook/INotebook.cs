namespace TensorCell.Interactive;

/// <summary>What a magic command asks of the notebook it runs in; each host implements it once.</summary>
public interface INotebook
{
    /// <summary>Cancelled when the running cell is interrupted.</summary>
    CancellationToken Cancellation { get; }

    /// <summary>The variables of the session, in the order of their declaration.</summary>
    IReadOnlyList<NotebookVariable> Variables { get; }

    /// <summary>Sets or declares a variable that later cells see under its name.</summary>
    void SetVariable(string name, object? value, Type? declaredType = null);

    /// <summary>Runs C# in the session, like a cell, and returns the value of its last expression.</summary>
    /// <param name="code">The code.</param>
    /// <param name="firstLine">The line of the cell, from 1, that the code begins on: errors name lines of the cell.</param>
    /// <exception cref="CodeException">The code does not compile.</exception>
    Task<object?> EvaluateAsync(string code, int firstLine = 1);

    /// <summary>Compiles C# once, to be run many times; its last run's variables join the session when it is disposed.</summary>
    /// <param name="code">The code.</param>
    /// <param name="firstLine">The line of the cell, from 1, that the code begins on: errors name lines of the cell.</param>
    /// <exception cref="CodeException">The code does not compile.</exception>
    Task<IPreparedCode> PrepareAsync(string code, int firstLine = 1);

    /// <summary>Shows a value in the cell's output, through the formatters.</summary>
    /// <returns>A handle that replaces what is shown.</returns>
    IDisplayHandle Display(object? value);

    /// <summary>Writes text to the cell's <c>stdout</c> or <c>stderr</c>.</summary>
    /// <param name="name"><c>stdout</c> or <c>stderr</c>.</param>
    /// <param name="text">The text, as it is.</param>
    void Stream(string name, string text);

    /// <summary>
    /// Drops what the session's code prints and displays, until the result is disposed: code that runs a thousand times to be
    /// timed prints once. Nothing else of the cell is affected.
    /// </summary>
    IDisposable MuteOutput();

    /// <summary>
    /// Lets what follows finish although the cell is interrupted: its waits are not broken off, until the result is disposed.
    /// <see cref="Cancellation"/> is signalled all the same, and the host waits two seconds, not longer.
    /// </summary>
    IDisposable DeferInterruption();
}

/// <summary>A variable of the session.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its declared type.</param>
/// <param name="Value">Its value now.</param>
public sealed record NotebookVariable(string Name, Type Type, object? Value);

/// <summary>Code compiled once by <see cref="INotebook.PrepareAsync"/>.</summary>
public interface IPreparedCode : IAsyncDisposable
{
    /// <summary>Names of the session's and the code's own top-level variables that the code assigns.</summary>
    IReadOnlyList<string> AssignedVariables { get; }

    /// <summary>Runs the code once more and returns the value of its last expression.</summary>
    ValueTask<object?> RunAsync();

    /// <summary>The value that a variable got in the last run.</summary>
    object? GetVariable(string name);
}

/// <summary>Something shown, which can be replaced.</summary>
public interface IDisplayHandle
{
    /// <summary>Shows another value in its place.</summary>
    void Update(object? value);
}

/// <summary>C# in a cell does not compile; the message carries line, column and caret for each error.</summary>
public sealed class CodeException(string message) : Exception(message);
