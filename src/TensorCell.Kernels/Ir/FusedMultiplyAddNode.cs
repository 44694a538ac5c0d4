namespace TensorCell.Kernels.Ir;

/// <summary>A product plus an addend, rounded once.</summary>
public sealed class FusedMultiplyAddNode : Node
{
    private FusedMultiplyAddNode(Node left, Node right, Node addend)
        : base(left.Type, left, right, addend)
    {
    }

    /// <summary>The first factor.</summary>
    public Node Left => Operand(0);

    /// <summary>The second factor.</summary>
    public Node Right => Operand(1);

    /// <summary>What is added to the product.</summary>
    public Node Addend => Operand(2);

    internal override Node With(ReadOnlySpan<Node> operands) => Create(operands[0], operands[1], operands[2]);

    internal static FusedMultiplyAddNode Create(Node left, Node right, Node addend)
    {
        if (left.Type != right.Type || left.Type != addend.Type)
        {
            throw Throw.TypesDiffer("FusedMultiplyAdd", left.Type, left.Type == right.Type ? addend.Type : right.Type);
        }

        return left.Type.IsFloatingPoint
            ? new(left, right, addend)
            : throw Throw.OperationUndefined("FusedMultiplyAdd", left.Type);
    }
}
