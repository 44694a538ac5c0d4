using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>One step over a <see cref="FoldDomain"/>.</summary>
/// <param name="Function">What is computed for each position: one result.</param>
/// <param name="Inputs">One for each parameter of the function.</param>
/// <param name="Uniforms">One for each uniform of the function.</param>
/// <param name="Stored">Where the values go; null if they are only folded.</param>
/// <param name="Fold">How the values are folded; null if they are only stored.</param>
/// <param name="Folded">Where what they are folded to goes: one for each kept position.</param>
/// <param name="IsPerKept">Whether it is computed for each kept position only.</param>
internal sealed record DomainStep(
    KernelFunction Function,
    DomainOperand[] Inputs,
    Scalar[] Uniforms,
    DomainOperand? Stored,
    ReduceOperation? Fold = null,
    DomainOperand Folded = default,
    bool IsPerKept = false)
{
    /// <summary>The inputs and what is stored.</summary>
    public DomainOperand[] Operands => Stored is { } stored ? [.. Inputs, stored] : Inputs;
}
