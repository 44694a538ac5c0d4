namespace TensorCell.Tensors.Autograd;

/// <summary>
/// How a tensor was computed from others: kept with it while a gradient may be asked for, or while a <see cref="Tensor.Record"/> scope is
/// open. Following <see cref="Inputs"/> back from a result gives the whole graph of functions that led to it.
/// </summary>
public sealed class Derivation
{
    private static long lastOrder;

    private readonly Tensor[] inputs;
    private readonly int[] versions;
    private readonly int resultVersion;
    private readonly GradientRule rule;

    internal Derivation(string name, Tensor result, Tensor[] inputs, object? attribute, GradientRule rule, bool isTracked)
    {
        Name = name;
        resultVersion = result.Version;
        this.inputs = inputs;
        this.rule = rule;
        Attribute = attribute;
        Order = Interlocked.Increment(ref lastOrder);
        versions = new int[inputs.Length];
        for (int index = 0; index < inputs.Length; index++)
        {
            versions[index] = inputs[index].Version;
            IsTracked |= isTracked && inputs[index].RequiresGrad;
        }
    }

    /// <summary>The function's name: that of the method in lower case (<c>matmul</c>, <c>softmax</c>), or of the kernel.</summary>
    public string Name { get; }

    /// <summary>What it was applied to.</summary>
    public IReadOnlyList<Tensor> Inputs => inputs;

    /// <summary>
    /// What else it was given: a permutation as <c>int[]</c>; what a reduction folds as a <see cref="ReductionPart"/>; the <see cref="Shape"/> of a
    /// reshape or broadcast; the axis of a concat, softmax or logsoftmax as <c>int</c>; the <see cref="Kernels.DType"/> of a conversion; the parts
    /// of a slice as <see cref="SlicePart"/>s; the indices of a take with its axis as a <see cref="TakePart"/>; the axis of a gather, of a scatter (<c>scatter</c>, <c>scatteradd</c> …), of an
    /// indexadd or indexcopy as <c>int</c>; a <see cref="PadPart"/>; how far a roll moves each axis as <c>long[]</c>; a <see cref="WindowPart"/>; offset and
    /// axes of a diagonal as <c>(int, int, int)</c>, the offset of a diag as <c>int</c>; a slope as <c>double</c>; what an attention was told as an
    /// <see cref="AttentionPart"/>; what a running total runs along as a <see cref="CumulativePart"/>; what a sort or choice puts in order as an
    /// <see cref="OrderPart"/>; what a norm folds as a <see cref="NormPart"/>.
    /// </summary>
    public object? Attribute { get; }

    /// <summary>Counts up with every derivation: what was computed later has a greater one.</summary>
    internal long Order { get; }

    /// <summary>Whether a gradient flows to any input.</summary>
    internal bool IsTracked { get; }

    /// <summary>The gradient of an input; see <see cref="GradientRule"/>.</summary>
    /// <exception cref="InvalidOperationException">An input or the result was written in place since.</exception>
    internal Tensor? GradientOf(int input, Tensor gradient, Tensor result)
    {
        for (int index = 0; index < inputs.Length; index++)
        {
            if (inputs[index].Version != versions[index])
            {
                Throw.Invalid(
                    $"backward: input {index + 1} of {Name}, of shape {inputs[index].Shape}, was written in place after {Name} read it, so the gradient would be wrong; write to a Clone(), or call Backward first");
            }
        }

        if (result.Version != resultVersion)
        {
            Throw.Invalid(
                $"backward: the result of {Name}, of shape {result.Shape}, was written in place after {Name} computed it, so the gradient would be wrong; write to a Clone(), or call Backward first");
        }

        return rule(input, gradient, result);
    }
}
