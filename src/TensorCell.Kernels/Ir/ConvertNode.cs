namespace TensorCell.Kernels.Ir;

/// <summary>A value as another type.</summary>
public sealed class ConvertNode : Node
{
    internal ConvertNode(Node value, DType type)
        : base(type) => Value = value;

    /// <summary>What is converted.</summary>
    public Node Value { get; }

    internal override int OperandCount => 1;

    internal override Node Operand(int index) => Value;

    internal override Node With(ReadOnlySpan<Node> operands) => Convert(operands[0], Type);
}
