namespace TensorCell.Tensors.Autograd;

/// <summary>What a gradient rule will read again, so that computing the result had better store it.</summary>
[Flags]
internal enum DerivationReads
{
    /// <summary>Neither: the gradient alone tells.</summary>
    Nothing = 0,

    /// <summary>What the operation was applied to.</summary>
    Inputs = 1,

    /// <summary>Its result.</summary>
    Result = 2,
}
