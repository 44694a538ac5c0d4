namespace TensorCell.Tensors.Graph;

/// <summary>How an element that is written meets the one that is there.</summary>
internal enum Fold
{
    /// <summary>It takes its place.</summary>
    Replace,

    /// <summary>It is added; of truth values, either.</summary>
    Sum,

    /// <summary>It is multiplied; of truth values, both.</summary>
    Product,

    /// <summary>The lesser stays, or NaN.</summary>
    Minimum,

    /// <summary>The greater stays, or NaN.</summary>
    Maximum,
}
