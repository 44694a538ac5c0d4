namespace TensorCell.Kernels.Ir;

/// <summary>How an atomic combines the element with a value.</summary>
internal enum AtomicOperation : byte
{
    Add,
    Min,
    Max,
    And,
    Or,
    Xor,
    Exchange,

    /// <summary>The new value where the element equals a comparand.</summary>
    CompareExchange,
}
