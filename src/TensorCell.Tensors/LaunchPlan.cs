using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>The kernels that pending tensors took to compute, in the order in which they ran, and what each of them fused.</summary>
/// <param name="Steps">What ran, each after those whose results it reads.</param>
public sealed record LaunchPlan(IReadOnlyList<LaunchStep> Steps)
{
    /// <summary>The most steps that are kept.</summary>
    public const int MaximumSteps = 256;

    /// <summary>How many steps there were beyond <see cref="MaximumSteps"/>.</summary>
    public int Omitted { get; init; }

    /// <summary>How long what was asked for took to compute, compilation included.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Computes a tensor, if it is pending, and tells what that took. The tensor keeps its elements.</summary>
    /// <returns>The plan; without steps if the tensor was computed before.</returns>
    public static LaunchPlan Of(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Record(() => tensor.Realize());
    }

    /// <summary>Runs something and tells which kernels it took to compute the tensors that were pending, on the thread that calls this.</summary>
    public static LaunchPlan Record(Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using IDisposable listening = MachineCode.Listen();
        return PlanRecorder.Record(run);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Steps.Select((step, index) => $"{index + 1}. {step}"));
}

/// <summary>One step of a <see cref="LaunchPlan"/>: a kernel of fused operations, or an operation that fuses with none.</summary>
/// <param name="Name">The kernel's name.</param>
/// <param name="Operations">The operations it computes, each after those it reads.</param>
/// <param name="Inputs">The tensors it reads.</param>
/// <param name="Outputs">The tensors it stores.</param>
/// <param name="Kernel">What it compiled to; null for an operation that has code of its own.</param>
public sealed record LaunchStep(
    string Name, IReadOnlyList<string> Operations, IReadOnlyList<LaunchValue> Inputs, IReadOnlyList<LaunchValue> Outputs, KernelExplanation? Kernel)
{
    /// <summary>
    /// Which steps run together as one pipeline, a part of the elements at a time, so that what one leaves for the next is in the nearest cache: those of the
    /// same number; null for a step that runs by itself.
    /// </summary>
    public int? Pipeline { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {string.Join(", ", Inputs)} to {string.Join(", ", Outputs)}"
        + (Operations.Count > 1 ? $" ({Operations.Count} operations in one kernel)" : "")
        + (Pipeline is { } pipeline ? $" [pipeline {pipeline + 1}]" : "");
}

/// <summary>A tensor that a step of a <see cref="LaunchPlan"/> reads or stores.</summary>
/// <param name="Number">Its number in the plan: the same tensor has the same.</param>
/// <param name="Step">The index of the step that stores it; null for one that was there before.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="DType">The type of its elements.</param>
public sealed record LaunchValue(int Number, int? Step, Shape Shape, DType DType)
{
    /// <inheritdoc/>
    public override string ToString() => $"t{Number} {DType.Name}{Shape}";
}
