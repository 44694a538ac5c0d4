namespace TensorCell.Tensors.Cumulative;

/// <summary>How a cumulative operation joins an element to those before it.</summary>
internal enum Accumulation
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their product.</summary>
    Product,

    /// <summary>The greatest; NaN from the first NaN on.</summary>
    Greatest,

    /// <summary>The least; NaN from the first NaN on.</summary>
    Least,

    /// <summary>The logarithm of the sum of their exponentials.</summary>
    LogSum,
}
