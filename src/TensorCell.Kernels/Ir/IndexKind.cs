namespace TensorCell.Kernels.Ir;

/// <summary>Which number of the index space an <see cref="IndexNode"/> is.</summary>
internal enum IndexKind : byte
{
    /// <summary>The item's index in the whole space.</summary>
    Global,

    /// <summary>How many items the space has along the axis; the same for all.</summary>
    Extent,

    /// <summary>The item's index in its group.</summary>
    Local,

    /// <summary>The index of the item's group.</summary>
    Group,

    /// <summary>How many groups there are along the axis; the same for all.</summary>
    GroupCount,
}
