namespace TensorCell.Kernels;

/// <summary>The element type of a tensor, a buffer or an IR value, in promotion order.</summary>
public enum DType : byte
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8,

    /// <summary>Signed 8-bit integer.</summary>
    Int8,

    /// <summary>Signed 32-bit integer.</summary>
    Int32,

    /// <summary>Signed 64-bit integer.</summary>
    Int64,

    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>The upper half of a binary32.</summary>
    BFloat16,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,
}

/// <summary>Facts about each <see cref="DType"/>.</summary>
public static class DTypes
{
    extension(DType dtype)
    {
        /// <summary>Bytes per element.</summary>
        public int Size => dtype switch
        {
            DType.Bool or DType.UInt8 or DType.Int8 => 1,
            DType.Float16 or DType.BFloat16 => 2,
            DType.Int32 or DType.Float32 => 4,
            _ => 8,
        };

        /// <summary>The short name the field uses: <c>f32</c>, <c>i64</c>, <c>bool</c> …</summary>
        public string Name => dtype switch
        {
            DType.Bool => "bool",
            DType.UInt8 => "u8",
            DType.Int8 => "i8",
            DType.Int32 => "i32",
            DType.Int64 => "i64",
            DType.Float16 => "f16",
            DType.BFloat16 => "bf16",
            DType.Float32 => "f32",
            _ => "f64",
        };

        /// <summary>The type that kernels compute such values in: i32 for u8 and i8, f32 for f16 and bf16, else the type itself.</summary>
        public DType Computed => dtype switch
        {
            DType.UInt8 or DType.Int8 => DType.Int32,
            DType.Float16 or DType.BFloat16 => DType.Float32,
            _ => dtype,
        };

        /// <summary>Whether values are floating-point numbers.</summary>
        public bool IsFloatingPoint => dtype >= DType.Float16;
    }

    /// <summary>The dtype whose elements are stored as <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is no element type.</exception>
    public static DType Of<T>() => Of(typeof(T));

    /// <summary>The dtype whose elements are stored as <paramref name="type"/>.</summary>
    /// <exception cref="NotSupportedException"><paramref name="type"/> is no element type.</exception>
    public static DType Of(Type type) =>
        type == typeof(float) ? DType.Float32
        : type == typeof(double) ? DType.Float64
        : type == typeof(bool) ? DType.Bool
        : type == typeof(byte) ? DType.UInt8
        : type == typeof(sbyte) ? DType.Int8
        : type == typeof(int) ? DType.Int32
        : type == typeof(long) ? DType.Int64
        : type == typeof(Half) ? DType.Float16
        : throw new NotSupportedException(
            $"dtype: {type} is no tensor element type; use float, double, bool, byte, sbyte, int, long or Half");
}
