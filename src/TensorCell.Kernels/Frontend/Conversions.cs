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
        "conv.i8" or "conv.i" => Node.Convert(value, DType.Int64),
        "conv.i1" => Narrow(value, 24),
        "conv.u1" => Node.Binary(BinaryOperation.And, Node.Convert(value, DType.Int32), Node.Constant((int)byte.MaxValue)),
        "conv.i2" => Narrow(value, 16),
        "conv.u2" => Node.Binary(BinaryOperation.And, Node.Convert(value, DType.Int32), Node.Constant((int)ushort.MaxValue)),
        "conv.u4" when !value.Type.IsFloatingPoint => Node.Convert(value, DType.Int32),
        "conv.u4" => Node.Convert(Clamp(Node.Convert(value, DType.Int64), uint.MaxValue), DType.Int32),
        "conv.u8" or "conv.u" when value.Type is DType.Int32 or DType.Bool => Unsigned(value),
        "conv.u8" or "conv.u" when value.Type is DType.Int64 => value,
        "conv.u8" or "conv.u" => ToUnsigned(value),
        "conv.r.un" when value.Type is DType.Int32 or DType.Bool => Node.Convert(Unsigned(value), DType.Float64),
        "conv.r.un" when value.Type is DType.Int64 => UnsignedToReal(value),
        _ => null,
    };

    /// <summary>The value converted as generic math does, or null if that may raise an exception.</summary>
    /// <param name="value">The value.</param>
    /// <param name="from">Its type.</param>
    /// <param name="to">The type wanted.</param>
    /// <param name="saturate">Whether an integer out of range becomes the nearest, instead of losing its high bits.</param>
    /// <param name="isChecked">Whether it raises an exception instead.</param>
    public static Node? Convert(Node value, StorageType from, StorageType to, bool saturate, bool isChecked)
    {
        var fromUnsigned = IsUnsigned(from);
        if (to.Computed.IsFloatingPoint)
        {
            var wide = fromUnsigned && from.Size >= sizeof(int) ? Convert(value, "conv.r.un")! : value;
            return Node.Convert(wide, to.Computed);
        }

        if (from.Computed.IsFloatingPoint)
        {
            return isChecked || to.Size < sizeof(int) ? null : Convert(value, to switch
            {
                StorageType.UInt32 => "conv.u4",
                StorageType.UInt64 => "conv.u8",
                StorageType.Int64 => "conv.i8",
                _ => "conv.i4",
            });
        }

        var widens = to.Size > from.Size ? fromUnsigned || !IsUnsigned(to) : to == from;
        if (!widens && saturate)
        {
            return null;
        }

        return Convert(value, to switch
        {
            StorageType.Int8 => "conv.i1",
            StorageType.UInt8 => "conv.u1",
            StorageType.Int16 => "conv.i2",
            StorageType.UInt16 => "conv.u2",
            StorageType.Int32 or StorageType.UInt32 => "conv.i4",
            _ => fromUnsigned ? "conv.u8" : "conv.i8",
        });
    }

    /// <summary>What memory of a type may be given in place of a number: the same before it was narrowed, where storing narrows it again.</summary>
    public static Node ToStore(Node value, StorageType storage) => value switch
    {
        BinaryNode { Operation: BinaryOperation.And, Right: ConstantNode { Value.Bits: byte.MaxValue }, Type: DType.Int32 } narrow
            when storage is StorageType.Int8 or StorageType.UInt8 => ToStore(narrow.Left, storage),
        BinaryNode { Operation: BinaryOperation.And, Right: ConstantNode { Value.Bits: ushort.MaxValue }, Type: DType.Int32 } narrow
            when storage is StorageType.Int8 or StorageType.UInt8 or StorageType.Int16 or StorageType.UInt16 => ToStore(narrow.Left, storage),
        BinaryNode
        {
            Operation: BinaryOperation.ShiftRight, Right: ConstantNode { Value.Bits: var back }, Type: DType.Int32,
            Left: BinaryNode { Operation: BinaryOperation.ShiftLeft, Right: ConstantNode { Value.Bits: var by } } narrow,
        }
            when back == by && by is 16 or 24 && storage.Size * 8 <= 32 - by && !storage.Computed.IsFloatingPoint && storage != StorageType.Bool =>
            ToStore(narrow.Left, storage),
        _ => value,
    };

    private static bool IsUnsigned(StorageType type) =>
        type is StorageType.UInt8 or StorageType.UInt16 or StorageType.UInt32 or StorageType.UInt64;

    // Both halves and the product are exact, so that only the sum rounds.
    private static Node UnsignedToReal(Node value)
    {
        var high = Node.Convert(Node.Binary(BinaryOperation.ShiftRightLogical, value, Node.Constant(32L)), DType.Float64);
        var low = Node.Convert(Node.Binary(BinaryOperation.And, value, Node.Constant((long)uint.MaxValue)), DType.Float64);
        return Node.Binary(BinaryOperation.Add, Node.Binary(BinaryOperation.Multiply, high, Node.Constant(4294967296.0)), low);
    }

    private static Node ToUnsigned(Node value)
    {
        var half = Node.Constant(value.Type, 9223372036854775808.0);
        var low = Node.Convert(Node.Binary(BinaryOperation.Max, value, Node.Constant(value.Type, 0)), DType.Int64);
        var high = Node.Binary(
            BinaryOperation.Xor, Node.Convert(Node.Binary(BinaryOperation.Subtract, value, half), DType.Int64), Node.Constant(long.MinValue));
        var all = Node.Compare(Comparison.GreaterOrEqual, value, Node.Constant(value.Type, 18446744073709551616.0));
        return Node.Select(all, Node.Constant(-1L), Node.Select(Node.Compare(Comparison.GreaterOrEqual, value, half), high, low));
    }

    private static Node Narrow(Node value, int bits)
    {
        var by = Node.Constant(bits);
        return Node.Binary(BinaryOperation.ShiftRight, Node.Binary(BinaryOperation.ShiftLeft, Node.Convert(value, DType.Int32), by), by);
    }

    private static Node Unsigned(Node value) => Node.Binary(
        BinaryOperation.And, Node.Convert(value, DType.Int64), Node.Constant((long)uint.MaxValue));

    private static Node Clamp(Node value, long greatest) => Node.Binary(
        BinaryOperation.Min, Node.Binary(BinaryOperation.Max, value, Node.Constant(0L)), Node.Constant(greatest));
}
