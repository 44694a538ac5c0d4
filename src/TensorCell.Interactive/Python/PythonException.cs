namespace TensorCell.Interactive.Python;

/// <summary>Python code raised an exception.</summary>
/// <param name="typeName">The exception's class in Python.</param>
/// <param name="message">Its message.</param>
/// <param name="traceback">What Python prints for it, without the frames of the harness.</param>
public sealed class PythonException(string typeName, string message, string traceback)
    : Exception(traceback.TrimEnd('\n'))
{
    /// <summary>The exception's class in Python, as <c>ValueError</c>.</summary>
    public string TypeName { get; } = typeName;

    /// <summary>Its message in Python.</summary>
    public string PythonMessage { get; } = message;

    /// <summary>Whether Python lacks a module that the code asks for.</summary>
    internal bool IsMissingModule => TypeName == "ModuleNotFoundError";
}
