namespace TensorCell.Kernels.Ir;

/// <summary>An operation on one value.</summary>
public sealed class UnaryNode : Node
{
    private UnaryNode(UnaryOperation operation, Node value)
        : base(value.Type, value) => Operation = operation;

    /// <summary>The operation.</summary>
    public UnaryOperation Operation { get; }

    /// <summary>What it works on.</summary>
    public Node Value => Operand(0);

    internal override long Tag => (long)Operation;

    internal override Node With(ReadOnlySpan<Node> operands) => Create(Operation, operands[0]);

    internal static UnaryNode Create(UnaryOperation operation, Node value)
    {
        var defined = operation switch
        {
            UnaryOperation.Negate or UnaryOperation.Abs or UnaryOperation.Sign => value.Type != DType.Bool,
            UnaryOperation.PopCount or UnaryOperation.LeadingZeroCount => value.Type is DType.Int32 or DType.Int64,
            UnaryOperation.RoundToFloat16 or UnaryOperation.RoundToBFloat16 => value.Type == DType.Float32,
            UnaryOperation.Not => !value.Type.IsFloatingPoint,
            _ => value.Type.IsFloatingPoint,
        };
        return defined ? new(operation, value) : throw Throw.OperationUndefined(operation.ToString(), value.Type);
    }
}
