namespace TensorCell.Tensors.Attention;

/// <summary>What a mask does to some scores.</summary>
/// <param name="Sees">Whether it leaves any.</param>
/// <param name="Changes">Whether it changes any, as far as is known.</param>
internal readonly record struct MaskEffect(bool Sees, bool Changes)
{
    /// <summary>What two do together.</summary>
    public static MaskEffect operator |(MaskEffect left, MaskEffect right) => new(left.Sees | right.Sees, left.Changes | right.Changes);
}
