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
        DType.BFloat16 => Node.Unary(UnaryOperation.RoundToBFloat16, value),
        DType.Float16 => Node.Unary(UnaryOperation.RoundToFloat16, value),
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

    private static Node Binary(BinaryOperation operation, Node value, int constant) => Node.Binary(operation, value, Node.Constant(constant));
}
