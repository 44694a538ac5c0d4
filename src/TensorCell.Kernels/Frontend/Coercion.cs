using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>Values as IL's types want them: IL keeps Booleans and small integers as 32-bit integers.</summary>
internal static class Coercion
{
    /// <summary>The type in which kernels compute with values of a C# type, or null if they cannot.</summary>
    public static DType? Computed(Type type) => StorageTypes.Of(type)?.Computed;

    /// <summary>The value as a variable of a type holds it.</summary>
    public static Node To(DType type, Node value) =>
        value.Type == type ? value
        : type == DType.Bool ? ToBoolean(value)
        : value.Type == DType.Bool && value is ConstantNode constant ? Node.Constant(type, constant.Value.Bits)
        : Node.Convert(value, type);

    /// <summary>Whether the value is not zero.</summary>
    public static Node ToBoolean(Node value) => value switch
    {
        { Type: DType.Bool } => value,
        ConstantNode constant => Node.Constant(constant.Value.ToDouble() != 0),
        _ => Node.Compare(Comparison.NotEqual, value, Node.Constant(value.Type, 0)),
    };

    /// <summary>Brings two operands to one type; true if one was a Boolean and the other an integer that stands for one.</summary>
    public static void Unify(ref Node left, ref Node right)
    {
        if (left.Type == right.Type)
        {
            return;
        }

        if (left.Type == DType.Bool && IsZeroOrOne(right))
        {
            right = ToBoolean(right);
        }
        else if (right.Type == DType.Bool && IsZeroOrOne(left))
        {
            left = ToBoolean(left);
        }
        else
        {
            left = left.Type == DType.Bool ? To(right.Type, left) : left;
            right = right.Type == DType.Bool ? To(left.Type, right) : right;
            // IL's floating-point stack type is one: an operation on both sizes is done in the larger.
            if (left.Type.IsFloatingPoint && right.Type.IsFloatingPoint)
            {
                left = Node.Convert(left, DType.Float64);
                right = Node.Convert(right, DType.Float64);
            }
            else if (!left.Type.IsFloatingPoint && !right.Type.IsFloatingPoint)
            {
                // A native integer goes with one of 32 bits.
                left = Node.Convert(left, DType.Int64);
                right = Node.Convert(right, DType.Int64);
            }
        }
    }

    /// <summary>One of two values by a condition, or what that comes to.</summary>
    public static Node Choose(Node condition, Node whenTrue, Node whenFalse)
    {
        if (ReferenceEquals(whenTrue, whenFalse))
        {
            return whenTrue;
        }

        if (condition is ConstantNode known)
        {
            return known.Value.AsBoolean ? whenTrue : whenFalse;
        }

        Unify(ref whenTrue, ref whenFalse);
        return (whenTrue, whenFalse) switch
        {
            (ConstantNode { Type: DType.Bool } constant, _) => constant.Value.AsBoolean
                ? Or(condition, whenFalse)
                : And(Not(condition), whenFalse),
            (_, ConstantNode { Type: DType.Bool } constant) => constant.Value.AsBoolean
                ? Or(Not(condition), whenTrue)
                : And(condition, whenTrue),
            _ => Node.Select(condition, whenTrue, whenFalse),
        };
    }

    /// <summary>Both.</summary>
    public static Node And(Node left, Node right) =>
        left is ConstantNode first ? (first.Value.AsBoolean ? right : left)
        : right is ConstantNode second ? (second.Value.AsBoolean ? left : right)
        : Node.Binary(BinaryOperation.And, left, right);

    /// <summary>The opposite.</summary>
    public static Node Not(Node value) => value switch
    {
        ConstantNode constant => Node.Constant(!constant.Value.AsBoolean),
        UnaryNode { Operation: UnaryOperation.Not } unary => unary.Value,
        _ => Node.Unary(UnaryOperation.Not, value),
    };

    private static Node Or(Node left, Node right) =>
        left is ConstantNode first ? (first.Value.AsBoolean ? left : right)
        : right is ConstantNode second ? (second.Value.AsBoolean ? right : left)
        : Node.Binary(BinaryOperation.Or, left, right);

    private static bool IsZeroOrOne(Node node) => node is ConstantNode { Type: DType.Int32, Value.Bits: 0 or 1 };
}
