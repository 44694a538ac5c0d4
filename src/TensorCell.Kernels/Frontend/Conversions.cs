using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>IL's conversion instructions.</summary>
internal static class Conversions
{
    /// <summary>The value converted, or null if kernels have no such conversion.</summary>
    public static Node? Convert(Node value, string instruction) => instruction switch
    {
        "conv.r4" => Node.Convert(value, DType.Float32),
        "conv.r8" => Node.Convert(value, DType.Float64),
        "conv.i4" => Node.Convert(value, DType.Int32),
        "conv.i8" => Node.Convert(value, DType.Int64),
        "conv.i1" => Narrow(value, 24, BinaryOperation.ShiftRight),
        "conv.u1" => Narrow(value, 24, BinaryOperation.ShiftRightLogical),
        "conv.i2" => Narrow(value, 16, BinaryOperation.ShiftRight),
        "conv.u2" => Narrow(value, 16, BinaryOperation.ShiftRightLogical),
        "conv.u4" when !value.Type.IsFloatingPoint => Node.Convert(value, DType.Int32),
        "conv.u4" => Node.Convert(Clamp(Node.Convert(value, DType.Int64), uint.MaxValue), DType.Int32),
        "conv.u8" when value.Type is DType.Int32 => Unsigned(value),
        "conv.u8" when !value.Type.IsFloatingPoint => Node.Convert(value, DType.Int64),
        "conv.r.un" when value.Type is DType.Int32 or DType.Bool => Node.Convert(Unsigned(value), DType.Float64),
        _ => null,
    };

    private static Node Narrow(Node value, int bits, BinaryOperation back)
    {
        var by = Node.Constant(bits);
        return Node.Binary(back, Node.Binary(BinaryOperation.ShiftLeft, Node.Convert(value, DType.Int32), by), by);
    }

    private static Node Unsigned(Node value) => Node.Binary(
        BinaryOperation.And, Node.Convert(value, DType.Int64), Node.Constant((long)uint.MaxValue));

    private static Node Clamp(Node value, long greatest) => Node.Binary(
        BinaryOperation.Min, Node.Binary(BinaryOperation.Max, value, Node.Constant(0L)), Node.Constant(greatest));
}
