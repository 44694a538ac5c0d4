using TensorCell.Kernels;
using TensorCell.Kernels.Ir;

namespace TensorCell.Tensors.Graph;

/// <summary>Values of element types narrower than what kernels compute in.</summary>
internal static class Narrowing
{
    /// <summary>
    /// What an element of a type keeps of a value that was computed in its wider type: integers wrap, halves are rounded to nearest, ties to even.
    /// </summary>
    public static Node Round(Node value, DType type) => type switch
    {
        DType.UInt8 => Binary(BinaryOperation.And, value, 0xFF),
        DType.Int8 => Binary(BinaryOperation.ShiftRight, Binary(BinaryOperation.ShiftLeft, value, 24), 24),
        DType.BFloat16 => RoundToBFloat16(value),
        DType.Float16 => RoundToHalf(value),
        _ => value,
    };

    /// <summary>
    /// A value as one that can be stored as an element of a type: integers wrap, from floating point they are truncated and saturate, NaN becoming 0;
    /// f64 to halves is rounded only once.
    /// </summary>
    public static Node Convert(Node value, DType type)
    {
        if (type is (DType.UInt8 or DType.Int8) && value.Type.IsFloatingPoint)
        {
            (int least, int most) = type == DType.Int8 ? (-128, 127) : (0, 255);
            return Binary(BinaryOperation.Max, Binary(BinaryOperation.Min, Node.Convert(value, DType.Int32), most), least);
        }

        // Integers that f32 does not hold are too great for f16.
        bool isRoundedTwice = type switch
        {
            DType.BFloat16 => value.Type is DType.Int32 or DType.Int64 or DType.Float64,
            DType.Float16 => value.Type == DType.Float64,
            _ => false,
        };
        return isRoundedTwice
            ? RoundToOdd(Node.Convert(value, DType.Float64))
            : Node.Convert(value, type.Computed);
    }

    /// <summary>
    /// An f64 as f32, to the neighbour with an odd last bit where it lies between two, so that rounding it again to fewer bits gives what rounding it at
    /// once would (Boldo and Melquiond 2008).
    /// </summary>
    private static Node RoundToOdd(Node value)
    {
        Node near = Node.Convert(value, DType.Float32);
        Node back = Node.Convert(near, DType.Float64);
        Node isBeyond = Node.Compare(Comparison.Greater, Node.Unary(UnaryOperation.Abs, back), Node.Unary(UnaryOperation.Abs, value));
        Node bits = Node.BitCast(near, DType.Int32);
        Node below = Node.Binary(BinaryOperation.Subtract, bits, Node.Convert(isBeyond, DType.Int32));
        Node odd = Binary(BinaryOperation.Or, below, 1);
        Node isInexact = Node.Compare(Comparison.NotEqual, back, value);
        return Node.BitCast(Node.Select(isInexact, Node.Select(IsFinite(back, value), odd, bits), bits), DType.Float32);
    }

    private static Node IsFinite(Node back, Node value)
    {
        Node limit = Node.Constant(DType.Float64, double.MaxValue);
        Node isFinite = Node.Compare(Comparison.LessOrEqual, Node.Unary(UnaryOperation.Abs, back), limit);
        return Node.Binary(BinaryOperation.And, isFinite, Node.Compare(Comparison.Equal, value, value));
    }

    private static Node RoundToBFloat16(Node value)
    {
        Node bits = Node.BitCast(value, DType.Int32);
        Node odd = Binary(BinaryOperation.And, Binary(BinaryOperation.ShiftRightLogical, bits, 16), 1);
        Node raised = Node.Binary(BinaryOperation.Add, Binary(BinaryOperation.Add, bits, 0x7FFF), odd);
        Node rounded = Node.BitCast(Binary(BinaryOperation.And, raised, unchecked((int)0xFFFF0000)), DType.Float32);
        return Node.Select(Node.Compare(Comparison.Equal, value, value), rounded, value);
    }

    private static Node RoundToHalf(Node value)
    {
        Node bits = Node.BitCast(value, DType.Int32);
        Node sign = Binary(BinaryOperation.And, bits, int.MinValue);
        Node magnitude = Node.Binary(BinaryOperation.Xor, bits, sign);

        // Below the least normal half, adding 0.5 rounds to multiples of the least subnormal one; exact again after it is taken off.
        Node half = Node.Constant(DType.Float32, 0.5);
        Node small = Node.BitCast(
            Node.Binary(BinaryOperation.Subtract, Node.Binary(BinaryOperation.Add, Node.BitCast(magnitude, DType.Float32), half), half), DType.Int32);
        Node odd = Binary(BinaryOperation.And, Binary(BinaryOperation.ShiftRightLogical, magnitude, 13), 1);
        Node normal = Binary(
            BinaryOperation.And, Node.Binary(BinaryOperation.Add, Binary(BinaryOperation.Add, magnitude, 0xFFF), odd), unchecked((int)0xFFFFE000));
        Node rounded = Node.Select(Less(magnitude, 0x38800000), small, normal);
        Node finite = Node.Select(Less(rounded, 0x47800000), rounded, Node.Constant(0x7F800000));
        Node result = Node.BitCast(Node.Binary(BinaryOperation.Or, finite, sign), DType.Float32);
        return Node.Select(Node.Compare(Comparison.Equal, value, value), result, value);
    }

    private static Node Less(Node value, int bound) => Node.Compare(Comparison.Less, value, Node.Constant(bound));

    private static Node Binary(BinaryOperation operation, Node value, int constant) => Node.Binary(operation, value, Node.Constant(constant));
}
