namespace TensorCell.Tensors.Ordering;

/// <summary>The key of an element and its index.</summary>
/// <param name="Key">The key.</param>
/// <param name="Index">The index.</param>
internal readonly record struct KeyAndPlace(ulong Key, long Index);
