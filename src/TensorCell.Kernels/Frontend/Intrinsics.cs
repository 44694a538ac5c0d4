using System.Collections.Frozen;
using System.Numerics;
using System.Reflection;
using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>The methods of the runtime's library that kernels compute directly.</summary>
internal static class Intrinsics
{
    private static readonly FrozenDictionary<string, UnaryOperation> unary = new Dictionary<string, UnaryOperation>
    {
        ["Abs"] = UnaryOperation.Abs,
        ["Sqrt"] = UnaryOperation.Sqrt,
        ["Floor"] = UnaryOperation.Floor,
        ["Ceiling"] = UnaryOperation.Ceiling,
        ["Truncate"] = UnaryOperation.Truncate,
        ["Round"] = UnaryOperation.Round,
        ["ReciprocalSqrtEstimate"] = UnaryOperation.ReciprocalSqrt,
        ["Cbrt"] = UnaryOperation.Cbrt,
        ["Exp"] = UnaryOperation.Exp,
        ["Exp2"] = UnaryOperation.Exp2,
        ["ExpM1"] = UnaryOperation.ExpM1,
        ["Log"] = UnaryOperation.Log,
        ["Log2"] = UnaryOperation.Log2,
        ["Log10"] = UnaryOperation.Log10,
        ["LogP1"] = UnaryOperation.Log1P,
        ["Sin"] = UnaryOperation.Sin,
        ["Cos"] = UnaryOperation.Cos,
        ["Tan"] = UnaryOperation.Tan,
        ["Asin"] = UnaryOperation.Asin,
        ["Acos"] = UnaryOperation.Acos,
        ["Atan"] = UnaryOperation.Atan,
        ["Sinh"] = UnaryOperation.Sinh,
        ["Cosh"] = UnaryOperation.Cosh,
        ["Tanh"] = UnaryOperation.Tanh,
        ["Asinh"] = UnaryOperation.Asinh,
        ["Acosh"] = UnaryOperation.Acosh,
        ["Atanh"] = UnaryOperation.Atanh,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, BinaryOperation> binary = new Dictionary<string, BinaryOperation>
    {
        ["Min"] = BinaryOperation.Min,
        ["Max"] = BinaryOperation.Max,
        ["Pow"] = BinaryOperation.Pow,
        ["Atan2"] = BinaryOperation.Atan2,
        ["Hypot"] = BinaryOperation.Hypot,
    }.ToFrozenDictionary();

    /// <summary>How a kernel computes a method, or null if it is to be read as IL.</summary>
    public static Func<Node[], Node>? Find(MethodBase method)
    {
        var type = method.DeclaringType;
        if (type == typeof(HugeAngle) && Enum.TryParse(method.Name, out BinaryOperation ofHuge))
        {
            return x => Node.Binary(ofHuge, x[0], x[1]);
        }

        if (!method.IsStatic || type is null || type.Assembly != typeof(object).Assembly || method.GetParameters().Length == 0)
        {
            return null;
        }

        if (type == typeof(BitConverter))
        {
            return method.Name switch
            {
                nameof(BitConverter.SingleToInt32Bits) or nameof(BitConverter.SingleToUInt32Bits) => x => Node.BitCast(x[0], DType.Int32),
                nameof(BitConverter.Int32BitsToSingle) or nameof(BitConverter.UInt32BitsToSingle) => x => Node.BitCast(x[0], DType.Float32),
                nameof(BitConverter.DoubleToInt64Bits) or nameof(BitConverter.DoubleToUInt64Bits) => x => Node.BitCast(x[0], DType.Int64),
                nameof(BitConverter.Int64BitsToDouble) or nameof(BitConverter.UInt64BitsToDouble) => x => Node.BitCast(x[0], DType.Float64),
                nameof(BitConverter.HalfToInt16Bits) => x => Conversions.Convert(HalfBits(x[0]), "conv.i2")!,
                nameof(BitConverter.HalfToUInt16Bits) => x => HalfBits(x[0]),
                nameof(BitConverter.Int16BitsToHalf) or nameof(BitConverter.UInt16BitsToHalf) => x => HalfOf(x[0]),
                _ => null,
            };
        }

        if (type == typeof(BitOperations) || ((type == typeof(int) || type == typeof(uint) || type == typeof(long) || type == typeof(ulong))
            && method.Name is "PopCount" or "LeadingZeroCount" or "TrailingZeroCount" or "Log2" or "RotateLeft" or "RotateRight"))
        {
            return OfBits(method);
        }

        if (type == typeof(Half))
        {
            return OfHalf(method);
        }

        if (type != typeof(Math) && type != typeof(MathF) && type != typeof(float) && type != typeof(double)
            && type != typeof(int) && type != typeof(long))
        {
            return null;
        }

        var parameters = method.GetParameters();
        var sameTypes = parameters.All(parameter => parameter.ParameterType == ((MethodInfo)method).ReturnType);
        return (method.Name, parameters.Length) switch
        {
            ("IsNaN", 1) => IsUndefined,
            ("IsFinite", 1) => x => CompareToInfinity(Comparison.Less, x[0]),
            ("IsInfinity", 1) => x => CompareToInfinity(Comparison.Equal, x[0]),
            ("Sign", 1) => x => Node.Convert(Node.Unary(UnaryOperation.Sign, x[0]), DType.Int32),
            ("Round", 2) when parameters[1].ParameterType == typeof(int) => x => RoundDigits(x[0], x[1]),
            _ when !sameTypes || Coercion.Computed(parameters[0].ParameterType) is null => null,
            ("Clamp", 3) => Clamp(parameters[0].ParameterType, propagatesNaN: type != typeof(Math)),
            _ when IsUnsigned(parameters[0].ParameterType) => null,
            ("FusedMultiplyAdd" or "MultiplyAddEstimate", 3) => x => Node.FusedMultiplyAdd(x[0], x[1], x[2]),
            ("Log", 2) => x => Logarithm(x[0], x[1]),
            ("CopySign", 2) => x => CopySign(x[0], x[1]),
            (var name, 1) when unary.TryGetValue(name, out var operation) => x => Node.Unary(operation, x[0]),
            (var name, 2) when binary.TryGetValue(name, out var operation) => x => Node.Binary(operation, x[0], x[1]),
            _ => null,
        };
    }

    private static Func<Node[], Node>? Clamp(Type type, bool propagatesNaN) => type == typeof(uint) || type == typeof(ulong)
        ? x =>
        {
            var sign = Node.Constant(Scalar.SignBit(x[0].Type));
            Node Flip(Node value) => Node.Binary(BinaryOperation.Xor, value, sign);
            return Flip(Between(Flip(x[0]), Flip(x[1]), Flip(x[2])));
        }
    : x => !x[0].Type.IsFloatingPoint || propagatesNaN || (IsOrdinary(x[1]) && IsOrdinary(x[2])) ? Between(x[0], x[1], x[2])
        // Of zeros and NaN, Math.Clamp keeps the value where Min and Max have another order.
        : Node.Select(
            Node.Compare(Comparison.Less, x[0], x[1]), x[1],
            Node.Select(Node.Compare(Comparison.Greater, x[0], x[2]), x[2], x[0]));

    private static Node Between(Node value, Node least, Node greatest) =>
        Node.Binary(BinaryOperation.Min, Node.Binary(BinaryOperation.Max, value, least), greatest);

    private static bool IsOrdinary(Node node) => node is ConstantNode { Value: var value } && value.ToDouble() is not (0 or double.NaN);

    private static Func<Node[], Node>? OfBits(MethodBase method)
    {
        var parameters = method.GetParameters();
        if (Coercion.Computed(parameters[0].ParameterType) is not (DType.Int32 or DType.Int64) || parameters[0].ParameterType.IsByRef)
        {
            return null;
        }

        var result = Coercion.Computed(((MethodInfo)method).ReturnType)!.Value;
        return method.Name switch
        {
            nameof(BitOperations.PopCount) => x => Node.Convert(Node.Unary(UnaryOperation.PopCount, x[0]), result),
            nameof(BitOperations.LeadingZeroCount) => x => Node.Convert(Node.Unary(UnaryOperation.LeadingZeroCount, x[0]), result),
            nameof(BitOperations.TrailingZeroCount) => x => Node.Convert(TrailingZeros(x[0]), result),
            nameof(BitOperations.Log2) => x => Node.Convert(
                Node.Binary(
                    BinaryOperation.Subtract,
                    Node.Constant(x[0].Type, (x[0].Type.Size * 8) - 1),
                    Node.Unary(UnaryOperation.LeadingZeroCount, Node.Binary(BinaryOperation.Or, x[0], Node.Constant(x[0].Type, 1)))),
                result),
            nameof(BitOperations.RotateLeft) => x => Rotate(x[0], x[1], BinaryOperation.ShiftLeft, BinaryOperation.ShiftRightLogical),
            nameof(BitOperations.RotateRight) => x => Rotate(x[0], x[1], BinaryOperation.ShiftRightLogical, BinaryOperation.ShiftLeft),
            _ => null,
        };
    }

    /// <summary>The bits below the lowest set one, counted: those that x - 1 sets and x does not have.</summary>
    private static Node TrailingZeros(Node x) => Node.Unary(UnaryOperation.PopCount, Node.Binary(
        BinaryOperation.And,
        Node.Unary(UnaryOperation.Not, x),
        Node.Binary(BinaryOperation.Subtract, x, Node.Constant(x.Type, 1))));

    private static Node Rotate(Node value, Node by, BinaryOperation one, BinaryOperation other)
    {
        var distance = Coercion.To(value.Type, by);
        return Node.Binary(
            BinaryOperation.Or, Node.Binary(one, value, distance), Node.Binary(other, value, Node.Unary(UnaryOperation.Negate, distance)));
    }

    /// <summary>A half is computed with as an f32 that is rounded whenever one is made.</summary>
    private static Func<Node[], Node>? OfHalf(MethodBase method)
    {
        var (from, to) = (method.GetParameters()[0].ParameterType, ((MethodInfo)method).ReturnType);
        return method.Name switch
        {
            "op_Explicit" or "op_Implicit" when to == typeof(Half) => from == typeof(float) ? x => RoundToHalf(x[0])
                : from == typeof(double) ? x => RoundToHalf(RoundToOdd(x[0]))
                : null,
            "op_Explicit" or "op_Implicit" => to == typeof(float) ? x => x[0] : to == typeof(double) ? x => Node.Convert(x[0], DType.Float64) : null,
            "op_Equality" => x => Node.Compare(Comparison.Equal, x[0], x[1]),
            "op_Inequality" => x => Node.Compare(Comparison.NotEqual, x[0], x[1]),
            "op_LessThan" => x => Node.Compare(Comparison.Less, x[0], x[1]),
            "op_LessThanOrEqual" => x => Node.Compare(Comparison.LessOrEqual, x[0], x[1]),
            "op_GreaterThan" => x => Node.Compare(Comparison.Greater, x[0], x[1]),
            "op_GreaterThanOrEqual" => x => Node.Compare(Comparison.GreaterOrEqual, x[0], x[1]),
            "op_UnaryNegation" => x => Node.Unary(UnaryOperation.Negate, x[0]),
            "Abs" => x => Node.Unary(UnaryOperation.Abs, x[0]),
            "CopySign" => x => CopySign(x[0], x[1]),
            "Sign" => x => Node.Convert(Node.Unary(UnaryOperation.Sign, x[0]), DType.Int32),
            "IsNegative" => x => Node.Compare(Comparison.Less, Node.BitCast(x[0], DType.Int32), Node.Constant(0)),
            "IsPositive" => x => Node.Compare(Comparison.GreaterOrEqual, Node.BitCast(x[0], DType.Int32), Node.Constant(0)),
            "IsPositiveInfinity" => x => Node.Compare(Comparison.Equal, x[0], Node.Constant(DType.Float32, double.PositiveInfinity)),
            "IsNegativeInfinity" => x => Node.Compare(Comparison.Equal, x[0], Node.Constant(DType.Float32, double.NegativeInfinity)),
            "IsNaN" => IsUndefined,
            "IsFinite" => x => CompareToInfinity(Comparison.Less, x[0]),
            "IsInfinity" => x => CompareToInfinity(Comparison.Equal, x[0]),
            _ => null,
        };
    }

    private static Node IsUndefined(Node[] x) => Node.Compare(Comparison.NotEqual, x[0], x[0]);

    private static Node CompareToInfinity(Comparison comparison, Node value) => Node.Compare(
        comparison, Node.Unary(UnaryOperation.Abs, value), Node.Constant(value.Type, double.PositiveInfinity));

    private static Node RoundToHalf(Node value) => Node.Unary(UnaryOperation.RoundToFloat16, value);

    /// <summary>An f64 as an f32 whose last bit says whether anything was lost, so that rounding it again rounds as once.</summary>
    private static Node RoundToOdd(Node value)
    {
        const long lost = (1L << 29) - 1;
        var bits = Node.BitCast(value, DType.Int64);
        var kept = Node.Binary(BinaryOperation.And, bits, Node.Constant(~lost));
        var isExact = Node.Compare(Comparison.Equal, bits, kept);
        return Node.Convert(
            Node.BitCast(Node.Select(isExact, bits, Node.Binary(BinaryOperation.Or, kept, Node.Constant(lost + 1))), DType.Float64), DType.Float32);
    }

    private static bool IsUnsigned(Type type) => Type.GetTypeCode(type) is TypeCode.UInt32 or TypeCode.UInt64 or TypeCode.Byte or TypeCode.UInt16;

    /// <summary>The logarithm to a base. Those of 1, 0 and infinity are no base, but of 1 itself the last two give 0.</summary>
    private static Node Logarithm(Node value, Node radix)
    {
        var quotient = Node.Binary(BinaryOperation.Divide, Node.Unary(UnaryOperation.Log, value), Node.Unary(UnaryOperation.Log, radix));
        if (radix is ConstantNode { Value: var given } && given.ToDouble() is not (0 or 1 or double.PositiveInfinity))
        {
            return quotient;
        }

        var one = Node.Constant(value.Type, 1);
        var nothing = Node.Constant(value.Type, double.NaN);
        var isExtreme = Node.Binary(
            BinaryOperation.Or,
            Node.Compare(Comparison.Equal, radix, Node.Constant(value.Type, 0)),
            Node.Compare(Comparison.Equal, radix, Node.Constant(value.Type, double.PositiveInfinity)));
        return Node.Select(
            Node.Compare(Comparison.Equal, radix, one),
            nothing,
            Node.Select(Node.Binary(BinaryOperation.And, isExtreme, Node.Compare(Comparison.NotEqual, value, one)), nothing, quotient));
    }

    /// <summary>Rounds to so many decimal digits, as the runtime's library does: what is too large to have any stays.</summary>
    private static Node RoundDigits(Node value, Node digits)
    {
        var (most, limit) = value.Type == DType.Float32 ? (6, 1e8) : (15, 1e16);
        Node power = Node.Constant(value.Type, double.NaN);
        for (var count = 0; count <= most; count++)
        {
            power = Constants.Fold(Node.Select(
                Node.Compare(Comparison.Equal, digits, Node.Constant(count)), Node.Constant(value.Type, Math.Pow(10, count)), power));
        }

        var rounded = Node.Binary(
            BinaryOperation.Divide, Node.Unary(UnaryOperation.Round, Node.Binary(BinaryOperation.Multiply, value, power)), power);
        return Node.Select(
            Node.Compare(Comparison.Less, Node.Unary(UnaryOperation.Abs, value), Node.Constant(value.Type, limit)), rounded, value);
    }

    /// <summary>The bits of a half, which is computed with as an f32: its exponent moves by a product with a power of two.</summary>
    private static Node HalfBits(Node value)
    {
        var bits = Node.BitCast(value, DType.Int32);
        var scaled = Node.Binary(BinaryOperation.Multiply, Node.Unary(UnaryOperation.Abs, value), Node.Constant(DType.Float32, Math.ScaleB(1, -112)));
        var finite = Node.Binary(BinaryOperation.ShiftRightLogical, Node.BitCast(scaled, DType.Int32), Node.Constant(13));
        var payload = Node.Binary(
            BinaryOperation.And, Node.Binary(BinaryOperation.ShiftRightLogical, bits, Node.Constant(13)), Node.Constant(0x3FF));
        var other = Node.Binary(BinaryOperation.Or, payload, Node.Constant(0x7C00));
        var sign = Node.Binary(
            BinaryOperation.And, Node.Binary(BinaryOperation.ShiftRightLogical, bits, Node.Constant(16)), Node.Constant(0x8000));
        return Node.Binary(BinaryOperation.Or, sign, Node.Select(CompareToInfinity(Comparison.Less, value), finite, other));
    }

    /// <summary>The half of given bits, as an f32.</summary>
    private static Node HalfOf(Node bits)
    {
        var magnitude = Node.Binary(BinaryOperation.And, bits, Node.Constant(0x7FFF));
        var moved = Node.Binary(BinaryOperation.ShiftLeft, magnitude, Node.Constant(13));
        var finite = Node.BitCast(
            Node.Binary(BinaryOperation.Multiply, Node.BitCast(moved, DType.Float32), Node.Constant(DType.Float32, Math.ScaleB(1, 112))), DType.Int32);
        var other = Node.Binary(BinaryOperation.Or, moved, Node.Constant(0x7F800000));
        var sign = Node.Binary(
            BinaryOperation.ShiftLeft, Node.Binary(BinaryOperation.And, bits, Node.Constant(0x8000)), Node.Constant(16));
        var isFinite = Node.Compare(Comparison.Less, magnitude, Node.Constant(0x7C00));
        return Node.BitCast(Node.Binary(BinaryOperation.Or, sign, Node.Select(isFinite, finite, other)), DType.Float32);
    }

    private static Node CopySign(Node magnitude, Node sign)
    {
        if (!magnitude.Type.IsFloatingPoint)
        {
            var positive = Node.Unary(UnaryOperation.Abs, magnitude);
            return Node.Select(
                Node.Compare(Comparison.Less, sign, Node.Constant(sign.Type, 0)), Node.Unary(UnaryOperation.Negate, positive), positive);
        }

        var integer = magnitude.Type == DType.Float32 ? DType.Int32 : DType.Int64;
        var mask = Node.Constant(Scalar.SignBit(integer));
        var bits = Node.Binary(BinaryOperation.And, Node.BitCast(sign, integer), mask);
        return Node.BitCast(
            Node.Binary(BinaryOperation.Or, Node.BitCast(Node.Unary(UnaryOperation.Abs, magnitude), integer), bits), magnitude.Type);
    }
}
