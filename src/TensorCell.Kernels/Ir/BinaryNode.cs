namespace TensorCell.Kernels.Ir;

/// <summary>An operation on two values of one type.</summary>
public sealed class BinaryNode : Node
{
    private BinaryNode(BinaryOperation operation, Node left, Node right)
        : base(left.Type, left, right) => Operation = operation;

    /// <summary>The operation.</summary>
    public BinaryOperation Operation { get; }

    /// <summary>The first operand.</summary>
    public Node Left => Operand(0);

    /// <summary>The second operand.</summary>
    public Node Right => Operand(1);

    /// <summary>Whether it divides integers, which fails where the divisor is zero.</summary>
    internal bool IsIntegerDivision => !Type.IsFloatingPoint && Operation
        is BinaryOperation.Divide or BinaryOperation.Remainder or BinaryOperation.DivideUnsigned or BinaryOperation.RemainderUnsigned;

    internal override long Tag => (long)Operation;

    internal override Node With(ReadOnlySpan<Node> operands) => Create(Operation, operands[0], operands[1]);

    internal static BinaryNode Create(BinaryOperation operation, Node left, Node right)
    {
        if (left.Type != right.Type)
        {
            throw Throw.TypesDiffer(operation.ToString(), left.Type, right.Type);
        }

        var type = left.Type;
        var defined = operation switch
        {
            BinaryOperation.And or BinaryOperation.Or or BinaryOperation.Xor => !type.IsFloatingPoint,
            BinaryOperation.ShiftLeft or BinaryOperation.ShiftRight or BinaryOperation.ShiftRightLogical
                or BinaryOperation.DivideUnsigned or BinaryOperation.RemainderUnsigned =>
                type is DType.Int32 or DType.Int64,
            BinaryOperation.SinOfHuge or BinaryOperation.CosOfHuge or BinaryOperation.TanOfHuge
                or BinaryOperation.Pow or BinaryOperation.Atan2 or BinaryOperation.Hypot => type.IsFloatingPoint,
            _ => type != DType.Bool,
        };
        return defined ? new(operation, left, right) : throw Throw.OperationUndefined(operation.ToString(), type);
    }
}
