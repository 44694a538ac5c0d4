namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>Where one product of a batch lies, in elements from the first matrices. Equal offsets broadcast a factor.</summary>
/// <param name="A">Elements from the first A.</param>
/// <param name="B">Elements from the first B.</param>
/// <param name="C">Elements from the first C.</param>
public readonly record struct MatrixOffsets(long A, long B, long C);
