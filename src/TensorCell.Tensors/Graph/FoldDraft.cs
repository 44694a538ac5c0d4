using TensorCell.Kernels;
using TensorCell.Kernels.Ir;

namespace TensorCell.Tensors.Graph;

/// <summary>A step of a <see cref="FoldGroup"/> before it is known where its operands lie.</summary>
/// <param name="Function">What it computes.</param>
/// <param name="Leaves">What it reads.</param>
/// <param name="Uniforms">The function's scalars.</param>
/// <param name="Stored">The value it computes; null if that is only folded.</param>
/// <param name="Folded">The value it folds to; null if it folds nothing.</param>
/// <param name="Fold">The operation of the fold.</param>
/// <param name="IsPerKept">Whether it is computed for each kept position only.</param>
/// <param name="Names">The operations it consists of but for the fold.</param>
internal sealed record FoldDraft(
    KernelFunction Function, Operand[] Leaves, Scalar[] Uniforms, Value? Stored, Value? Folded, ReductionOperation? Fold, bool IsPerKept, string[] Names)
{
    /// <summary>What it computes, in this order.</summary>
    public IEnumerable<Value> Results => new[] { Stored, Folded }.OfType<Value>();
}
