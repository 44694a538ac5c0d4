namespace TensorCell.Tensors;

/// <summary>The table of contents of a safetensors file.</summary>
/// <param name="Tensors">Its tensors by name, in the order in which they lie in the file.</param>
/// <param name="Metadata">What else the writer noted.</param>
public sealed record SafeTensorsHeader(
    IReadOnlyDictionary<string, SafeTensorsEntry> Tensors, IReadOnlyDictionary<string, string> Metadata);
