using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>One step of a <see cref="RowPipeline"/>.</summary>
/// <param name="Function">What is computed for each element, or for each row.</param>
/// <param name="Fold">How the values of a row become one; null if they are stored.</param>
/// <param name="Inputs">One for each parameter of the function.</param>
/// <param name="Outputs">One for each result; of a fold the one result for each row, of the type that it has there.</param>
/// <param name="Uniforms">One for each uniform of the function.</param>
/// <param name="IsPerRow">Whether it is computed once for each row instead of for each element.</param>
internal sealed record RowStep(
    KernelFunction Function, ReduceOperation? Fold, RowOperand[] Inputs, RowOperand[] Outputs, Scalar[] Uniforms, bool IsPerRow);
