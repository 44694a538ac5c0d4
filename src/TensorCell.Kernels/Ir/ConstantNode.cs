namespace TensorCell.Kernels.Ir;

/// <summary>A value that is compiled in.</summary>
public sealed class ConstantNode : Node
{
    internal ConstantNode(Scalar value)
        : base(value.Type) => Value = value;

    /// <summary>The value.</summary>
    public Scalar Value { get; }

    /// <summary>Whether it stands for what nobody asks for, so that any other value would do as well. Only a program that was just read holds such.</summary>
    internal bool IsArbitrary { get; init; }

    internal override long Tag => Value.Bits;
}
