namespace TensorCell.Tensors;

/// <summary>What <see cref="Tensor.Pad(ReadOnlySpan{ValueTuple{int, int}}, PadMode, double)"/> puts around a tensor, by the names of PyTorch and, where they differ, of NumPy.</summary>
public enum PadMode
{
    /// <summary>One number.</summary>
    Constant,

    /// <summary>The elements mirrored at the outermost one, which is not repeated: <c>3 2 | 1 2 3 | 2 1</c>.</summary>
    Reflect,

    /// <summary>The outermost element; NumPy's <c>edge</c>: <c>1 1 | 1 2 3 | 3 3</c>.</summary>
    Replicate,

    /// <summary>The elements of the other end; NumPy's <c>wrap</c>: <c>2 3 | 1 2 3 | 1 2</c>.</summary>
    Circular,

    /// <summary>The elements mirrored at the edge; NumPy's <c>symmetric</c>: <c>2 1 | 1 2 3 | 3 2</c>.</summary>
    Symmetric,
}
