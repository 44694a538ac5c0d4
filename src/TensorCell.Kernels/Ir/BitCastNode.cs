namespace TensorCell.Kernels.Ir;

/// <summary>The bits of a value as another type of the same size.</summary>
public sealed class BitCastNode : Node
{
    private BitCastNode(Node value, DType type)
        : base(type, value)
    {
    }

    /// <summary>What is reinterpreted.</summary>
    public Node Value => Operand(0);

    internal override Node With(ReadOnlySpan<Node> operands) => Create(operands[0], Type);

    internal static Node Create(Node value, DType type)
    {
        if (value.Type == type)
        {
            return value;
        }

        return value.Type.Size == type.Size && type.Size >= sizeof(int)
            ? new BitCastNode(value, type)
            : throw Throw.TypesDiffer("BitCast", value.Type, type);
    }
}
