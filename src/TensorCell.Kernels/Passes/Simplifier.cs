using System.Numerics;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Folds constants, applies identities that hold for every value, infinities, NaN and signed zeros included, and makes equal
/// subexpressions one node.
/// </summary>
internal static class Simplifier
{
    /// <summary>How many operations deep what makes a value is looked at.</summary>
    private const int MaximumDepth = 8;

    public static Node[] Simplify(IReadOnlyList<Node> results)
    {
        var known = new Dictionary<Shape, Node>();
        return GraphRewriter.Rewrite(results, node =>
        {
            var simple = Simplify(node);
            var shape = new Shape(
                simple.GetType(), simple.Type, simple.Tag,
                simple.OperandCount > 0 ? simple.Operand(0) : null,
                simple.OperandCount > 1 ? simple.Operand(1) : null,
                simple.OperandCount > 2 ? simple.Operand(2) : null);
            return known.TryAdd(shape, simple) ? simple : known[shape];
        });
    }

    private static Node Simplify(Node node) => Fold(node) ?? node switch
    {
        SelectNode select => Select(select),
        BinaryNode binary => Binary(binary),
        UnaryNode { Operation: UnaryOperation.Not, Value: UnaryNode { Operation: UnaryOperation.Not } inner } => inner.Value,
        UnaryNode { Operation: UnaryOperation.Negate, Value: UnaryNode { Operation: UnaryOperation.Negate } inner } => inner.Value,
        UnaryNode { Operation: UnaryOperation.Abs, Value: UnaryNode { Operation: UnaryOperation.Negate or UnaryOperation.Abs } inner } =>
            Node.Unary(UnaryOperation.Abs, inner.Value),
        BitCastNode { Value: BitCastNode inner } => Node.BitCast(inner.Value, node.Type),
        _ => node,
    } ?? node;

    private static Node? Fold(Node node)
    {
        if (node.OperandCount == 0)
        {
            return null;
        }

        Span<Scalar> operands = stackalloc Scalar[3];
        for (var i = 0; i < node.OperandCount; i++)
        {
            if (node.Operand(i) is not ConstantNode constant)
            {
                return null;
            }

            operands[i] = constant.Value;
        }

        return node is BinaryNode { IsIntegerDivision: true } && operands[1].Bits == 0
            ? null
            : Node.Constant(ScalarEvaluator.Apply(node, operands));
    }

    private static Node Select(SelectNode node) => node switch
    {
        { Condition: ConstantNode known } => known.Value.AsBoolean ? node.WhenTrue : node.WhenFalse,
        _ when node.WhenTrue == node.WhenFalse => node.WhenTrue,
        { Condition: UnaryNode { Operation: UnaryOperation.Not } not } => Node.Select(not.Value, node.WhenFalse, node.WhenTrue),
        // One select where two would choose between the same two values.
        { WhenTrue: SelectNode inner } when inner.WhenFalse == node.WhenFalse => Node.Select(
            Node.Binary(BinaryOperation.And, node.Condition, inner.Condition), inner.WhenTrue, node.WhenFalse),
        { WhenFalse: SelectNode inner } when inner.WhenTrue == node.WhenTrue => Node.Select(
            Node.Binary(BinaryOperation.Or, node.Condition, inner.Condition), node.WhenTrue, inner.WhenFalse),
        _ => node,
    };

    private static Node Binary(BinaryNode node)
    {
        var (left, right) = (node.Left, node.Right);
        if (right is not ConstantNode { Value: var value })
        {
            return left is ConstantNode && IsCommutative(node.Operation) ? Binary((BinaryNode)node.With([right, left])) : node;
        }

        var real = node.Type.IsFloatingPoint;
        return node.Operation switch
        {
            BinaryOperation.Multiply or BinaryOperation.Divide when value.ToDouble() == 1 => left,
            BinaryOperation.Subtract when value.ToDouble() == 0 && !(real && double.IsNegative(value.ToDouble())) => left,
            BinaryOperation.Add when !real && value.Bits == 0 => left,
            BinaryOperation.Multiply when !real && value.Bits == 0 => right,
            BinaryOperation.And when left is BinaryNode { Operation: BinaryOperation.And, Right: ConstantNode inner } both =>
                Node.Binary(BinaryOperation.And, both.Left, Node.Constant(value with { Bits = value.Bits & inner.Value.Bits })),
            _ when node.IsIntegerDivision && value.Bits != 0 => Division(node, value),
            // The reciprocal of a power of two is exact, and so is the product.
            BinaryOperation.Divide when real && IsInvertible(value) => Node.Binary(
                BinaryOperation.Multiply, left, Node.Constant(node.Type, 1 / value.ToDouble())),
            BinaryOperation.And when node.Type == DType.Bool => value.AsBoolean ? left : right,
            BinaryOperation.Or when node.Type == DType.Bool => value.AsBoolean ? right : left,
            BinaryOperation.ShiftLeft or BinaryOperation.ShiftRight or BinaryOperation.ShiftRightLogical when value.Bits == 0 => left,
            _ => node,
        };
    }

    /// <summary>An integer divided by a number, as what costs less: a shift or a mask, where nothing below zero is divided.</summary>
    private static Node Division(BinaryNode node, Scalar divisor)
    {
        var left = node.Left;
        var isUnsigned = node.Operation is BinaryOperation.DivideUnsigned or BinaryOperation.RemainderUnsigned;
        var isQuotient = node.Operation is BinaryOperation.Divide or BinaryOperation.DivideUnsigned;
        var magnitude = isUnsigned ? (ulong)divisor.Bits & (ulong.MaxValue >> (64 - (node.Type.Size * 8)))
            : divisor.Bits < 0 ? 0 - (ulong)divisor.Bits : (ulong)divisor.Bits;
        var isNegative = !isUnsigned && divisor.Bits < 0;
        if (magnitude == 1)
        {
            return !isQuotient ? Node.Constant(node.Type, 0) : isNegative ? Node.Unary(UnaryOperation.Negate, left) : left;
        }

        if (!BitOperations.IsPow2(magnitude) || !(isUnsigned || IsNotNegative(left, MaximumDepth)))
        {
            return node;
        }

        if (!isQuotient)
        {
            return Node.Binary(BinaryOperation.And, left, Node.Constant(divisor with { Bits = (long)(magnitude - 1) }));
        }

        var shifted = Node.Binary(
            isUnsigned ? BinaryOperation.ShiftRightLogical : BinaryOperation.ShiftRight, left, Node.Constant(node.Type, BitOperations.Log2(magnitude)));
        return isNegative ? Node.Unary(UnaryOperation.Negate, shifted) : shifted;
    }

    /// <summary>Whether an integer is never below zero, as far as its operations tell.</summary>
    private static bool IsNotNegative(Node node, int depth) => depth > 0 && node switch
    {
        ConstantNode constant => constant.Value.Bits >= 0,
        IndexNode or LengthNode or UnaryNode { Operation: UnaryOperation.PopCount or UnaryOperation.LeadingZeroCount } => true,
        ConvertNode { Value.Type: DType.Bool } => true,
        ConvertNode { Type: DType.Int64, Value.Type: DType.Int32 } wide => IsNotNegative(wide.Value, depth - 1),
        SelectNode select => IsNotNegative(select.WhenTrue, depth - 1) && IsNotNegative(select.WhenFalse, depth - 1),
        BinaryNode { Operation: BinaryOperation.And or BinaryOperation.Max } either =>
            IsNotNegative(either.Left, depth - 1) || IsNotNegative(either.Right, depth - 1),
        BinaryNode { Operation: BinaryOperation.Min or BinaryOperation.Or or BinaryOperation.Xor or BinaryOperation.Divide } both =>
            IsNotNegative(both.Left, depth - 1) && IsNotNegative(both.Right, depth - 1),
        BinaryNode { Operation: BinaryOperation.Remainder or BinaryOperation.ShiftRight } rest => IsNotNegative(rest.Left, depth - 1),
        BinaryNode { Operation: BinaryOperation.ShiftRightLogical, Right: ConstantNode by } => (by.Value.Bits & ((node.Type.Size * 8) - 1)) != 0,
        _ => false,
    };

    private static bool IsCommutative(BinaryOperation operation) => operation is BinaryOperation.Add or BinaryOperation.Multiply
        or BinaryOperation.And or BinaryOperation.Or or BinaryOperation.Xor;

    private static bool IsInvertible(Scalar value)
    {
        var magnitude = Math.Abs(value.ToDouble());
        return magnitude is > 1e-30 and < 1e30 && double.IsPow2(magnitude);
    }

    private readonly record struct Shape(Type Kind, DType Type, long Tag, Node? First, Node? Second, Node? Third);
}
