using TensorCell.Kernels;
using TensorCell.Kernels.Ir;

namespace TensorCell.Tensors.Graph;

/// <summary>An operation that folds the elements along some axes into one.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="fold">How elements become one.</param>
/// <param name="type">The type that elements are converted to first.</param>
/// <param name="axes">The axes of the input that are folded, ascending.</param>
/// <param name="input">What is reduced.</param>
internal sealed class ReductionOperation(string name, ReduceOperation fold, DType type, int[] axes, Operand input)
    : Operation(name, input)
{
    /// <inheritdoc/>
    public override bool RunsOnDevices => true;

    /// <summary>How elements become one.</summary>
    public ReduceOperation Fold { get; } = fold;

    /// <summary>The type that elements are converted to first.</summary>
    public DType Type { get; } = type;

    /// <summary>The axes of the input that are folded, ascending.</summary>
    public int[] Axes { get; } = axes;
}
