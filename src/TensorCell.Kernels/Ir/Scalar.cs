namespace TensorCell.Kernels.Ir;

/// <summary>One value of an element type: a constant, a uniform's value, or the result of folding.</summary>
/// <param name="Type">Its element type.</param>
/// <param name="Bits">Its bits, zero-extended; an integer is sign-extended, a Boolean 0 or 1.</param>
public readonly record struct Scalar(DType Type, long Bits)
{
    /// <summary>The value of a 32-bit float.</summary>
    public float AsSingle => BitConverter.Int32BitsToSingle((int)Bits);

    /// <summary>The value of a 64-bit float.</summary>
    public double AsDouble => BitConverter.Int64BitsToDouble(Bits);

    /// <summary>The value of a Boolean.</summary>
    public bool AsBoolean => Bits != 0;

    public static implicit operator Scalar(float value) =>
        new(DType.Float32, (uint)BitConverter.SingleToInt32Bits(value));

    public static implicit operator Scalar(double value) =>
        new(DType.Float64, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Scalar(int value) => new(DType.Int32, value);

    public static implicit operator Scalar(long value) => new(DType.Int64, value);

    public static implicit operator Scalar(bool value) => new(DType.Bool, value ? 1 : 0);

    /// <summary>The integer of a type of which only the sign bit is set; xor with it makes a signed comparison of an unsigned one.</summary>
    internal static Scalar SignBit(DType type) => new(type, type == DType.Int32 ? int.MinValue : long.MinValue);

    /// <summary>The value of <paramref name="type"/> nearest to <paramref name="value"/>.</summary>
    /// <exception cref="NotSupportedException">Kernels do not compute in <paramref name="type"/>.</exception>
    public static Scalar From(DType type, double value) => type switch
    {
        DType.Float32 => (Scalar)(float)value,
        DType.Float64 => (Scalar)value,
        DType.Int32 => (Scalar)(int)value,
        DType.Int64 => (Scalar)(long)value,
        DType.Bool => (Scalar)(value != 0),
        _ => throw Throw.NotComputed(type),
    };

    /// <summary>The value as a 64-bit float, rounded if it is a large 64-bit integer.</summary>
    public double ToDouble() => Type switch
    {
        DType.Float32 => AsSingle,
        DType.Float64 => AsDouble,
        _ => Bits,
    };

    public override string ToString() => Type switch
    {
        DType.Float32 => AsSingle.ToString("R") + "f",
        DType.Float64 => AsDouble.ToString("R"),
        DType.Bool => AsBoolean ? "true" : "false",
        _ => Bits.ToString(),
    };
}
