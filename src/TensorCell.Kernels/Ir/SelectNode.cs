namespace TensorCell.Kernels.Ir;

/// <summary>One of two values, by a condition; both are computed.</summary>
public sealed class SelectNode : Node
{
    private SelectNode(Node condition, Node whenTrue, Node whenFalse)
        : base(whenTrue.Type, condition, whenTrue, whenFalse)
    {
    }

    /// <summary>Which of the two.</summary>
    public Node Condition => Operand(0);

    /// <summary>The value where the condition holds.</summary>
    public Node WhenTrue => Operand(1);

    /// <summary>The value where it does not.</summary>
    public Node WhenFalse => Operand(2);

    internal override Node With(ReadOnlySpan<Node> operands) => Create(operands[0], operands[1], operands[2]);

    internal static SelectNode Create(Node condition, Node whenTrue, Node whenFalse)
    {
        if (condition.Type != DType.Bool)
        {
            throw Throw.OperationUndefined("Select on a condition", condition.Type);
        }

        return whenTrue.Type == whenFalse.Type
            ? new(condition, whenTrue, whenFalse)
            : throw Throw.TypesDiffer("Select", whenTrue.Type, whenFalse.Type);
    }
}
