namespace TensorCell.Tensors;

/// <summary>The different elements of a tensor and where they are.</summary>
/// <param name="Values">The elements, each once, in order.</param>
/// <param name="Indices">For each, its first place in the tensor in row-major order; an i64.</param>
/// <param name="Inverse">For each element of the tensor, its place in <paramref name="Values"/>; an i64 of the tensor's shape.</param>
/// <param name="Counts">For each, how often it is there; an i64.</param>
public sealed record UniqueElements(Tensor Values, Tensor Indices, Tensor Inverse, Tensor Counts);
