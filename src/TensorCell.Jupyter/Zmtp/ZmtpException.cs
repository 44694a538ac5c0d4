namespace TensorCell.Jupyter.Zmtp;

/// <summary>A peer broke the protocol or a limit; its connection is closed.</summary>
public sealed class ZmtpException(string message) : Exception(message);
