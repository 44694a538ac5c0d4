namespace TensorCell.Jupyter.Messaging;

/// <summary>Frames that are no message of the Jupyter protocol, or not signed with the right key; they are dropped.</summary>
public sealed class MessageException(string message, bool isForged = false) : Exception(message)
{
    /// <summary>Whether the signature was wrong, missing or used before.</summary>
    public bool IsForged { get; } = isForged;
}
