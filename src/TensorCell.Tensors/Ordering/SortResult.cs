namespace TensorCell.Tensors.Ordering;

/// <summary>What of a sort or a choice of elements is wanted.</summary>
internal enum SortResult
{
    /// <summary>The elements.</summary>
    Values,

    /// <summary>Where they were.</summary>
    Indices,
}
