namespace TensorCell.Tensors;

/// <summary>What becomes of several elements that <see cref="Tensor.ScatterReduce"/> brings to one place.</summary>
public enum ScatterReduction
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their product.</summary>
    Product,

    /// <summary>Their arithmetic mean; of integers rounded down.</summary>
    Mean,

    /// <summary>The least; NaN if there is a NaN. <c>amin</c> in PyTorch.</summary>
    Minimum,

    /// <summary>The greatest; NaN if there is a NaN. <c>amax</c> in PyTorch.</summary>
    Maximum,
}
