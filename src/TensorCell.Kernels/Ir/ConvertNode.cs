namespace TensorCell.Kernels.Ir;

/// <summary>A value as another type.</summary>
public sealed class ConvertNode : Node
{
    internal ConvertNode(Node value, DType type)
        : base(type, value)
    {
    }

    /// <summary>What is converted.</summary>
    public Node Value => Operand(0);

    internal override Node With(ReadOnlySpan<Node> operands) => Convert(operands[0], Type);
}
