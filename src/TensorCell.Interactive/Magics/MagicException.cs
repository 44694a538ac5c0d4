namespace TensorCell.Interactive.Magics;

/// <summary>A magic command cannot do what it was asked; the message is complete and is shown without a stack.</summary>
public sealed class MagicException(string message, Exception? innerException = null) : Exception(message, innerException);
