namespace TensorCell.Tensors.Graph;

/// <summary>How a pending <see cref="Value"/> is computed from others.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="inputs">What it reads; pending inputs are fused or computed first.</param>
internal abstract class Operation(string name, params Operand[] inputs)
{
    /// <summary>The name errors and traces use.</summary>
    public string Name { get; } = name;

    /// <summary>What it reads.</summary>
    public Operand[] Inputs { get; } = inputs;

    /// <summary>Computes the value; every input is stored by now.</summary>
    public virtual Storage Run(Value target) => throw new NotSupportedException($"{Name}: runs only as part of a kernel");
}

/// <summary>A value as an operation reads it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Layout">Which of its elements, in which order, under which shape.</param>
internal readonly record struct Operand(Value Value, Layout Layout)
{
    /// <summary>Whether all elements are read, each once, in the value's own order and shape.</summary>
    public bool IsWhole => ReferenceEquals(Layout, Value.Layout)
        || (Layout.IsContiguous && Layout.Offset == 0 && Layout.Shape == Value.Layout.Shape);
}
