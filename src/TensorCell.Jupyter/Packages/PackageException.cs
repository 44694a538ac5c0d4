namespace TensorCell.Jupyter.Packages;

/// <summary>A package cannot be had; the message says which, where it was sought and what would work.</summary>
internal sealed class PackageException(string message) : Exception(message);
