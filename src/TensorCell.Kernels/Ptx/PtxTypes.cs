using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>How types and constants are written in PTX.</summary>
internal static class PtxTypes
{
    /// <summary>The type that moves and selections of a computed value are written with.</summary>
    public static string Move(DType type) => type switch
    {
        DType.Bool => "pred",
        DType.Int32 => "b32",
        DType.Int64 => "b64",
        DType.Float32 => "f32",
        _ => "f64",
    };

    /// <summary>The type that arithmetic on a computed value is written with.</summary>
    public static string Arithmetic(DType type) => type switch
    {
        DType.Int32 => "s32",
        DType.Int64 => "s64",
        DType.Float32 => "f32",
        _ => "f64",
    };

    /// <summary>A constant, to the bit.</summary>
    public static string Constant(Scalar value) => value.Type switch
    {
        DType.Float32 => $"0f{(uint)value.Bits:X8}",
        DType.Float64 => $"0d{value.Bits:X16}",
        _ => value.Bits.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>The type of a kernel parameter that holds a computed value; a Boolean travels as 0 or 1.</summary>
    public static string Parameter(DType type) => type switch
    {
        DType.Bool or DType.Int32 => "u32",
        DType.Int64 => "u64",
        DType.Float32 => "f32",
        _ => "f64",
    };
}
