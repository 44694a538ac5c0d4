namespace TensorCell.Kernels.Ir;

/// <summary>A product plus an addend, rounded once.</summary>
public sealed class FusedMultiplyAddNode : Node
{
    private FusedMultiplyAddNode(Node left, Node right, Node addend)
        : base(left.Type)
    {
        Left = left;
        Right = right;
        Addend = addend;
    }

    /// <summary>The first factor.</summary>
    public Node Left { get; }

    /// <summary>The second factor.</summary>
    public Node Right { get; }

    /// <summary>What is added to the product.</summary>
    public Node Addend { get; }

    internal override int OperandCount => 3;

    internal override Node Operand(int index) => index switch
    {
        0 => Left,
        1 => Right,
        _ => Addend,
    };

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
