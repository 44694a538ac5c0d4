using System.Numerics;
using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Ir;

/// <summary>
/// Computes one operation on constants: what constant folding uses, and what differential tests hold the compiled code against.
/// </summary>
internal static class ScalarEvaluator
{
    /// <summary>The results of a function for one element.</summary>
    public static Scalar[] Evaluate(
        IReadOnlyList<Node> results, ReadOnlySpan<Scalar> parameters, ReadOnlySpan<Scalar> uniforms)
    {
        var values = new Dictionary<Node, Scalar>(ReferenceEqualityComparer.Instance);
        Span<Scalar> operands = stackalloc Scalar[3];
        foreach (var node in NodeOrder.Of(results))
        {
            for (var i = 0; i < node.OperandCount; i++)
            {
                operands[i] = values[node.Operand(i)];
            }

            values[node] = node switch
            {
                ParameterNode parameter => parameters[parameter.Index],
                UniformNode uniform => uniforms[uniform.Index],
                _ => Apply(node, operands),
            };
        }

        return [.. results.Select(result => values[result])];
    }

    /// <summary>The value of one node on constant operands.</summary>
    /// <exception cref="DivideByZeroException">An integer is divided by zero.</exception>
    public static Scalar Apply(Node node, ReadOnlySpan<Scalar> operands) => node switch
    {
        ConstantNode constant => constant.Value,
        UnaryNode unary => Unary(unary.Operation, operands[0]),
        BinaryNode binary => Binary(binary.Operation, operands[0], operands[1]),
        CompareNode compare => Compare(compare.Comparison, operands[0], operands[1]),
        SelectNode => operands[0].AsBoolean ? operands[1] : operands[2],
        FusedMultiplyAddNode => node.Type == DType.Float32
            ? (Scalar)MathF.FusedMultiplyAdd(operands[0].AsSingle, operands[1].AsSingle, operands[2].AsSingle)
            : Math.FusedMultiplyAdd(operands[0].AsDouble, operands[1].AsDouble, operands[2].AsDouble),
        ConvertNode => Convert(operands[0], node.Type),
        BitCastNode => new(node.Type, node.Type == DType.Float32 ? (uint)operands[0].Bits : SignExtended(node.Type, operands[0].Bits)),
        _ => throw new ArgumentException($"kernel: {node.GetType().Name} is an input, not an operation"),
    };

    private static long SignExtended(DType type, long bits) => type == DType.Int32 ? (int)bits : bits;

    private static Scalar Unary(UnaryOperation operation, Scalar x) => x.Type switch
    {
        DType.Float32 => (float)(operation switch
        {
            UnaryOperation.Negate => -x.AsSingle,
            UnaryOperation.Abs => MathF.Abs(x.AsSingle),
            UnaryOperation.Sqrt => MathF.Sqrt(x.AsSingle),
            UnaryOperation.RoundToFloat16 => GridHelpers.RoundToFloat16(x.AsSingle),
            UnaryOperation.RoundToBFloat16 => GridHelpers.RoundToBFloat16(x.AsSingle),
            _ => Real(operation, x.AsSingle),
        }),
        DType.Float64 => Real(operation, x.AsDouble),
        DType.Bool => !x.AsBoolean,
        _ => Integer(operation, x),
    };

    private static Scalar Integer(UnaryOperation operation, Scalar x) => new(x.Type, SignExtended(x.Type, operation switch
    {
        UnaryOperation.Negate => -x.Bits,
        UnaryOperation.Abs => x.Bits < 0 ? -x.Bits : x.Bits,
        UnaryOperation.Sign => Math.Sign(x.Bits),
        UnaryOperation.PopCount => BitOperations.PopCount(x.Type == DType.Int32 ? (uint)x.Bits : (ulong)x.Bits),
        UnaryOperation.LeadingZeroCount => x.Type == DType.Int32 ? BitOperations.LeadingZeroCount((uint)x.Bits) : BitOperations.LeadingZeroCount((ulong)x.Bits),
        _ => ~x.Bits,
    }));

    private static double Real(UnaryOperation operation, double x) => operation switch
    {
        UnaryOperation.Negate => -x,
        UnaryOperation.Abs => Math.Abs(x),
        UnaryOperation.Sqrt => Math.Sqrt(x),
        UnaryOperation.Floor => Math.Floor(x),
        UnaryOperation.Ceiling => Math.Ceiling(x),
        UnaryOperation.Truncate => Math.Truncate(x),
        UnaryOperation.Round => Math.Round(x, MidpointRounding.ToEven),
        UnaryOperation.Sign => x > 0 ? 1 : x < 0 ? -1 : x,
        UnaryOperation.ReciprocalSqrt => 1 / Math.Sqrt(x),
        UnaryOperation.Cbrt => Math.Cbrt(x),
        UnaryOperation.Exp => Math.Exp(x),
        UnaryOperation.Exp2 => Math.Pow(2, x),
        UnaryOperation.ExpM1 => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1,
        UnaryOperation.Log => Math.Log(x),
        UnaryOperation.Log2 => Math.Log2(x),
        UnaryOperation.Log10 => Math.Log10(x),
        UnaryOperation.Log1P => Math.Abs(x) < 1e-5 ? x - (x * x / 2) : Math.Log(1 + x),
        UnaryOperation.Sin => Math.Sin(x),
        UnaryOperation.Cos => Math.Cos(x),
        UnaryOperation.Tan => Math.Tan(x),
        UnaryOperation.Asin => Math.Asin(x),
        UnaryOperation.Acos => Math.Acos(x),
        UnaryOperation.Atan => Math.Atan(x),
        UnaryOperation.Sinh => Math.Sinh(x),
        UnaryOperation.Cosh => Math.Cosh(x),
        UnaryOperation.Tanh => Math.Tanh(x),
        UnaryOperation.Asinh => Math.Asinh(x),
        UnaryOperation.Acosh => Math.Acosh(x),
        UnaryOperation.Atanh => Math.Atanh(x),
        UnaryOperation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        _ => throw Throw.OperationUndefined(operation.ToString(), DType.Float64),
    };

    private static Scalar Binary(BinaryOperation operation, Scalar x, Scalar y) => x.Type switch
    {
        DType.Float32 => operation switch
        {
            BinaryOperation.Add => x.AsSingle + y.AsSingle,
            BinaryOperation.Subtract => x.AsSingle - y.AsSingle,
            BinaryOperation.Multiply => x.AsSingle * y.AsSingle,
            BinaryOperation.Divide => x.AsSingle / y.AsSingle,
            BinaryOperation.Remainder => x.AsSingle % y.AsSingle,
            BinaryOperation.SinOfHuge => HugeAngle.SinOfHuge(x.AsSingle, y.AsSingle),
            BinaryOperation.CosOfHuge => HugeAngle.CosOfHuge(x.AsSingle, y.AsSingle),
            BinaryOperation.TanOfHuge => HugeAngle.TanOfHuge(x.AsSingle, y.AsSingle),
            _ => (float)Real(operation, x.AsSingle, y.AsSingle),
        },
        DType.Float64 => Real(operation, x.AsDouble, y.AsDouble),
        _ => new Scalar(x.Type, SignExtended(x.Type, Integer(operation, x.Bits, y.Bits, x.Type))),
    };

    private static double Real(BinaryOperation operation, double x, double y) => operation switch
    {
        BinaryOperation.Add => x + y,
        BinaryOperation.Subtract => x - y,
        BinaryOperation.Multiply => x * y,
        BinaryOperation.Divide => x / y,
        BinaryOperation.Remainder => x % y,
        BinaryOperation.Min => Math.Min(x, y),
        BinaryOperation.Max => Math.Max(x, y),
        BinaryOperation.SinOfHuge => HugeAngle.SinOfHuge(x, y),
        BinaryOperation.CosOfHuge => HugeAngle.CosOfHuge(x, y),
        BinaryOperation.TanOfHuge => HugeAngle.TanOfHuge(x, y),
        BinaryOperation.Pow => Math.Pow(x, y),
        BinaryOperation.Atan2 => Math.Atan2(x, y),
        _ => double.Hypot(x, y),
    };

    private static long Integer(BinaryOperation operation, long x, long y, DType type)
    {
        var shift = (int)(y & ((type.Size * 8) - 1));
        return operation switch
        {
            BinaryOperation.Add => x + y,
            BinaryOperation.Subtract => x - y,
            BinaryOperation.Multiply => x * y,
            BinaryOperation.Divide => y == -1 ? -x : x / y,
            BinaryOperation.Remainder => y == -1 ? 0 : x % y,
            BinaryOperation.DivideUnsigned => type == DType.Int32 ? (uint)x / (uint)y : (long)((ulong)x / (ulong)y),
            BinaryOperation.RemainderUnsigned => type == DType.Int32 ? (uint)x % (uint)y : (long)((ulong)x % (ulong)y),
            BinaryOperation.Min => Math.Min(x, y),
            BinaryOperation.Max => Math.Max(x, y),
            BinaryOperation.And => x & y,
            BinaryOperation.Or => x | y,
            BinaryOperation.Xor => x ^ y,
            BinaryOperation.ShiftLeft => x << shift,
            BinaryOperation.ShiftRight => x >> shift,
            _ => type == DType.Int32 ? (int)((uint)x >> shift) : x >>> shift,
        };
    }

    private static bool Compare(Comparison comparison, Scalar x, Scalar y)
    {
        if (x.Type.IsFloatingPoint)
        {
            var (a, b) = (x.ToDouble(), y.ToDouble());
            return comparison switch
            {
                Comparison.Equal => a == b,
                Comparison.NotEqual => a != b,
                Comparison.Less => a < b,
                Comparison.LessOrEqual => a <= b,
                Comparison.Greater => a > b,
                _ => a >= b,
            };
        }

        return comparison switch
        {
            Comparison.Equal => x.Bits == y.Bits,
            Comparison.NotEqual => x.Bits != y.Bits,
            Comparison.Less => x.Bits < y.Bits,
            Comparison.LessOrEqual => x.Bits <= y.Bits,
            Comparison.Greater => x.Bits > y.Bits,
            _ => x.Bits >= y.Bits,
        };
    }

    private static Scalar Convert(Scalar x, DType type) => (x.Type.IsFloatingPoint, type) switch
    {
        (_, DType.Bool) => x.Type.IsFloatingPoint ? x.ToDouble() != 0 : x.Bits != 0,
        (true, DType.Float32) => (Scalar)(float)x.ToDouble(),
        (true, DType.Int32) => (Scalar)(int)x.ToDouble(),
        (true, DType.Int64) => (Scalar)(long)x.ToDouble(),
        (false, DType.Float32) => (Scalar)(float)x.Bits,
        (false, DType.Int32) => (Scalar)(int)x.Bits,
        (false, DType.Int64) => (Scalar)x.Bits,
        _ => (Scalar)x.ToDouble(),
    };
}
