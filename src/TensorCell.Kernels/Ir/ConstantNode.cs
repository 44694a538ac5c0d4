namespace TensorCell.Kernels.Ir;

/// <summary>A value that is compiled in.</summary>
public sealed class ConstantNode : Node
{
    internal ConstantNode(Scalar value)
        : base(value.Type) => Value = value;

    /// <summary>The value.</summary>
    public Scalar Value { get; }

    internal override long Tag => Value.Bits;
}
