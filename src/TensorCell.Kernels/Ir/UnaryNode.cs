namespace TensorCell.Kernels.Ir;

/// <summary>An operation on one value.</summary>
public sealed class UnaryNode : Node
{
    private UnaryNode(UnaryOperation operation, Node value)
        : base(value.Type)
    {
        Operation = operation;
        Value = value;
    }

    /// <summary>The operation.</summary>
    public UnaryOperation Operation { get; }

    /// <summary>What it works on.</summary>
    public Node Value { get; }

    internal override int OperandCount => 1;

    internal override long Tag => (long)Operation;

    internal override Node Operand(int index) => Value;

    internal override Node With(ReadOnlySpan<Node> operands) => Create(Operation, operands[0]);

    internal static UnaryNode Create(UnaryOperation operation, Node value)
    {
        var defined = operation switch
        {
            UnaryOperation.Negate or UnaryOperation.Abs or UnaryOperation.Sign => value.Type != DType.Bool,
            UnaryOperation.Not => !value.Type.IsFloatingPoint,
            _ => value.Type.IsFloatingPoint,
        };
        return defined ? new(operation, value) : throw Throw.OperationUndefined(operation.ToString(), value.Type);
    }
}
