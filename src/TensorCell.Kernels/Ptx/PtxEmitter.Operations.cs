using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>Pure values. Every rounding is written out, since ptxas fuses products and sums that leave it open.</summary>
internal sealed partial class PtxEmitter
{
    private string Compute(Node node) => node switch
    {
        UnaryNode unary => Unary(unary.Operation, unary.Type, InRegister(unary.Value)),
        BinaryNode { IsIntegerDivision: true } binary => Divide(binary.Operation, binary.Left, binary.Right),
        BinaryNode { Type: DType.Bool } binary => Result(
            DType.Bool, binary.Operation.ToString().ToLowerInvariant() + ".pred", values[binary.Left], values[binary.Right]),
        BinaryNode binary => Binary(binary.Operation, binary.Type, InRegister(binary.Left), Use(binary.Right)),
        CompareNode compare => Compare(compare),
        SelectNode select => Select(select),
        FusedMultiplyAddNode fma => Result(
            fma.Type, $"fma.rn.{PtxTypes.Arithmetic(fma.Type)}", InRegister(fma.Left), Use(fma.Right), Use(fma.Addend)),
        ConvertNode convert => Convert(InRegister(convert.Value), convert.Value.Type, convert.Type),
        BitCastNode cast => Result(cast.Type, cast.Type.Size == sizeof(int) ? "mov.b32" : "mov.b64", InRegister(cast.Value)),
        _ => throw Throw.OperationUndefined(node.GetType().Name, node.Type),
    };

    private string Result(DType type, string instruction, params ReadOnlySpan<string> operands)
    {
        var result = writer.Register(type);
        writer.Emit($"{instruction} {result}, {string.Join(", ", operands)}");
        return result;
    }

    private string Unary(UnaryOperation operation, DType type, string value)
    {
        var arithmetic = PtxTypes.Arithmetic(type);
        var isReal = type.IsFloatingPoint;
        return operation switch
        {
            UnaryOperation.Negate => Result(type, $"neg.{arithmetic}", value),
            UnaryOperation.Abs when isReal => Result(type, $"abs.{arithmetic}", value),
            // What abs makes of the most negative integer is not laid down; the greater of it and its negative is.
            UnaryOperation.Abs => Result(type, $"max.{arithmetic}", value, Result(type, $"neg.{arithmetic}", value)),
            UnaryOperation.Not when type == DType.Bool => Result(type, "not.pred", value),
            UnaryOperation.Not => Result(type, $"not.{PtxTypes.Move(type)}", value),
            UnaryOperation.Sqrt => Result(type, $"sqrt.rn.{arithmetic}", value),
            UnaryOperation.Floor => Result(type, $"cvt.rmi.{arithmetic}.{arithmetic}", value),
            UnaryOperation.Ceiling => Result(type, $"cvt.rpi.{arithmetic}.{arithmetic}", value),
            UnaryOperation.Truncate => Result(type, $"cvt.rzi.{arithmetic}.{arithmetic}", value),
            UnaryOperation.Round => Result(type, $"cvt.rni.{arithmetic}.{arithmetic}", value),
            UnaryOperation.PopCount => Widened(type, Result(DType.Int32, $"popc.{PtxTypes.Move(type)}", value)),
            UnaryOperation.LeadingZeroCount => Widened(type, Result(DType.Int32, $"clz.{PtxTypes.Move(type)}", value)),
            UnaryOperation.RoundToFloat16 => Result(type, "cvt.f32.f16", Half(value)),
            UnaryOperation.RoundToBFloat16 => Result(type, "mov.b32", Result(DType.Int32, "shl.b32", BrainFloat(value), "16")),
            _ => throw Throw.OperationUndefined($"{operation}, not expanded,", type),
        };
    }

    private string Widened(DType type, string count) => type == DType.Int32 ? count : Result(type, "cvt.u64.u32", count);

    private string Binary(BinaryOperation operation, DType type, string left, string right)
    {
        var arithmetic = PtxTypes.Arithmetic(type);
        var bits = PtxTypes.Move(type);
        var rounding = type.IsFloatingPoint ? "rn." : "";
        return operation switch
        {
            BinaryOperation.Add => Result(type, $"add.{rounding}{arithmetic}", left, right),
            BinaryOperation.Subtract => Result(type, $"sub.{rounding}{arithmetic}", left, right),
            BinaryOperation.Multiply => Result(type, $"mul.{(type.IsFloatingPoint ? rounding : "lo.")}{arithmetic}", left, right),
            BinaryOperation.Divide => Result(type, $"div.rn.{arithmetic}", left, right),
            BinaryOperation.Remainder => Remainder(type, left, InRegister(type, right)),
            BinaryOperation.SinOfHuge => OfHugeAngle(nameof(HugeAngle.Sin), type, left, right),
            BinaryOperation.CosOfHuge => OfHugeAngle(nameof(HugeAngle.Cos), type, left, right),
            BinaryOperation.TanOfHuge => OfHugeAngle(nameof(HugeAngle.Tan), type, left, right),
            BinaryOperation.Min => Extreme("min", type, left, right),
            BinaryOperation.Max => Extreme("max", type, left, right),
            BinaryOperation.And => Result(type, $"and.{bits}", left, right),
            BinaryOperation.Or => Result(type, $"or.{bits}", left, right),
            BinaryOperation.Xor => Result(type, $"xor.{bits}", left, right),
            BinaryOperation.ShiftLeft => Result(type, $"shl.{bits}", left, ShiftCount(type, right)),
            BinaryOperation.ShiftRight => Result(type, $"shr.{arithmetic}", left, ShiftCount(type, right)),
            BinaryOperation.ShiftRightLogical => Result(type, $"shr.u{type.Size * 8}", left, ShiftCount(type, right)),
            _ => throw Throw.OperationUndefined($"{operation}, not expanded,", type),
        };
    }

    /// <summary>Shifts of PTX go on beyond the width; those of the representation take their count modulo it.</summary>
    private string ShiftCount(DType type, string count)
    {
        if (!count.StartsWith('%'))
        {
            return (long.Parse(count, System.Globalization.CultureInfo.InvariantCulture) & ((type.Size * 8) - 1))
                .ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var word = type == DType.Int32 ? count : Result(DType.Int32, "cvt.u32.u64", count);
        return Result(DType.Int32, "and.b32", word, type == DType.Int32 ? "31" : "63");
    }

    /// <summary>The lesser or greater; the instruction passes over NaN, which the representation keeps.</summary>
    private string Extreme(string instruction, DType type, string left, string right)
    {
        var arithmetic = PtxTypes.Arithmetic(type);
        var extreme = Result(type, $"{instruction}.{arithmetic}", left, right);
        if (!type.IsFloatingPoint)
        {
            return extreme;
        }

        var isUndefined = Result(DType.Bool, $"setp.nan.{arithmetic}", left, right);
        var undefined = Result(type, $"add.rn.{arithmetic}", left, right);
        return Result(type, $"selp.{arithmetic}", undefined, extreme, isUndefined);
    }

    private string Compare(CompareNode node)
    {
        if (node.Left.Type == DType.Bool)
        {
            return CompareTruth(node.Comparison, values[node.Left], values[node.Right]);
        }

        var relation = node.Comparison switch
        {
            Comparison.Equal => "eq",
            Comparison.NotEqual => node.Left.Type.IsFloatingPoint ? "neu" : "ne",
            Comparison.Less => "lt",
            Comparison.LessOrEqual => "le",
            Comparison.Greater => "gt",
            _ => "ge",
        };
        return Result(DType.Bool, $"setp.{relation}.{PtxTypes.Arithmetic(node.Left.Type)}", InRegister(node.Left), Use(node.Right));
    }

    private string CompareTruth(Comparison comparison, string left, string right) => comparison switch
    {
        Comparison.Equal => Result(DType.Bool, "not.pred", Result(DType.Bool, "xor.pred", left, right)),
        Comparison.NotEqual => Result(DType.Bool, "xor.pred", left, right),
        Comparison.Less => Result(DType.Bool, "and.pred", Result(DType.Bool, "not.pred", left), right),
        Comparison.LessOrEqual => Result(DType.Bool, "or.pred", Result(DType.Bool, "not.pred", left), right),
        Comparison.Greater => Result(DType.Bool, "and.pred", left, Result(DType.Bool, "not.pred", right)),
        _ => Result(DType.Bool, "or.pred", left, Result(DType.Bool, "not.pred", right)),
    };

    private string Select(SelectNode node)
    {
        var condition = values[node.Condition];
        if (node.Type != DType.Bool)
        {
            return Result(node.Type, $"selp.{PtxTypes.Move(node.Type)}", Use(node.WhenTrue), Use(node.WhenFalse), condition);
        }

        var whenTrue = Result(DType.Bool, "and.pred", condition, values[node.WhenTrue]);
        var not = Result(DType.Bool, "not.pred", condition);
        return Result(DType.Bool, "or.pred", whenTrue, Result(DType.Bool, "and.pred", not, values[node.WhenFalse]));
    }

    private string Convert(string value, DType from, DType to)
    {
        var (source, target) = (PtxTypes.Arithmetic(from), PtxTypes.Arithmetic(to));
        return (from, to) switch
        {
            (DType.Bool, _) => Result(
                to, $"selp.{PtxTypes.Move(to)}", PtxTypes.Constant(Scalar.From(to, 1)), PtxTypes.Constant(Scalar.From(to, 0)), value),
            (_, DType.Bool) => Result(
                to, $"setp.{(from.IsFloatingPoint ? "neu" : "ne")}.{source}", value, PtxTypes.Constant(Scalar.From(from, 0))),
            (DType.Int32, DType.Int64) => Result(to, "cvt.s64.s32", value),
            (DType.Int64, DType.Int32) => Result(to, "cvt.u32.u64", value),
            (DType.Float32, DType.Float64) => Result(to, "cvt.f64.f32", value),
            (DType.Float32, DType.Int32) => Result(to, "cvt.rzi.s32.f32", value),
            _ when to.IsFloatingPoint => Result(to, $"cvt.rn.{target}.{source}", value),
            _ => NumberOrZero(Result(to, $"cvt.rzi.{target}.{source}", value), to, value, source),
        };
    }

    /// <summary>Conversions saturate, but where one of the types has 64 bits they do not make 0 of NaN.</summary>
    private string NumberOrZero(string converted, DType type, string value, string source)
    {
        var isNumber = Result(DType.Bool, $"setp.num.{source}", value, value);
        return Result(type, $"selp.{PtxTypes.Move(type)}", converted, "0", isNumber);
    }

    /// <summary>Whether a divisor is bounded from below by a positive constant.</summary>
    private static bool IsPositive(Node divisor) => divisor is BinaryNode { Operation: BinaryOperation.Max } bounded
        && (bounded.Left is ConstantNode { Value.Bits: > 0 } || bounded.Right is ConstantNode { Value.Bits: > 0 });

    /// <summary>An integer division that records a zero divisor, and wraps where the quotient is one too large.</summary>
    private string Divide(BinaryOperation operation, Node dividend, Node divisor)
    {
        var type = dividend.Type;
        var (left, right) = (InRegister(dividend), InRegister(divisor));
        var known = divisor is ConstantNode constant ? constant.Value.Bits : (long?)null;
        if (known is null or 0 && !IsPositive(divisor))
        {
            FailIf(Result(DType.Bool, $"setp.eq.{PtxTypes.Arithmetic(type)}", right, "0"), PtxFailure.DivisionByZero, "0", "0");
        }

        var isUnsigned = operation is BinaryOperation.DivideUnsigned or BinaryOperation.RemainderUnsigned;
        var isQuotient = operation is BinaryOperation.Divide or BinaryOperation.DivideUnsigned;
        var arithmetic = isUnsigned ? $"u{type.Size * 8}" : PtxTypes.Arithmetic(type);
        var instruction = $"{(isQuotient ? "div" : "rem")}.{arithmetic}";
        if (isUnsigned || known is not (null or -1))
        {
            return Result(type, instruction, left, right);
        }

        var bits = PtxTypes.Move(type);
        var isNegation = Result(DType.Bool, $"setp.eq.{arithmetic}", right, "-1");
        var safe = Result(type, $"selp.{bits}", "1", right, isNegation);
        var divided = Result(type, instruction, left, safe);
        var wrapped = isQuotient ? Result(type, $"neg.{arithmetic}", left) : "0";
        return Result(type, $"selp.{bits}", wrapped, divided, isNegation);
    }
}
