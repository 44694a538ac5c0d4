namespace TensorCell.Interactive.Python;

/// <summary>No Python can be run; the message says what was looked for and how to provide one.</summary>
public sealed class PythonMissingException(string message) : Exception(message);
