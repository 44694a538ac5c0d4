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

        // Integers that f32 does not hold are too great for f16, and bytes it holds.
        bool isRoundedTwice = type switch
        {
            DType.BFloat16 when value is ParameterNode { Storage.Size: 1 } => false,
            DType.BFloat16 => value.Type is DType.Int32 or DType.Int64 or DType.Float64,
            DType.Float16 => value.Type == DType.Float64,
            _ => false,
        };
        return isRoundedTwice
            ? RoundToOdd(Node.Convert(value, DType.Float64))
            : Node.Convert(value, type.Computed);
    }

    /// <summary>
    /// An f64 as f32 of fewer bits, but more than halves have, the last of which is odd where the others lost something, so that rounding it again
    /// to a half gives what rounding it at once would (Boldo and Melquiond 2008). So few that what a bf16 holds of subnormal f32 is exact, too.
    /// </summary>
    private static Node RoundToOdd(Node value)
    {
        const long last = 1L << 40;
        Node bits = Node.BitCast(value, DType.Int64);
        Node kept = Node.Binary(BinaryOperation.And, bits, Node.Constant(-last));
        Node odd = Node.Binary(BinaryOperation.Or, kept, Node.Constant(last));
        Node isExact = Node.Compare(Comparison.Equal, bits, kept);
        return Node.Convert(Node.BitCast(Node.Select(isExact, bits, odd), DType.Float64), DType.Float32);
    }

    private static Node Binary(BinaryOperation operation, Node value, int constant) => Node.Binary(operation, value, Node.Constant(constant));
}
