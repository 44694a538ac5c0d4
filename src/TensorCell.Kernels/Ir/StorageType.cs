namespace TensorCell.Kernels.Ir;

/// <summary>How a value lies in memory; narrower and unsigned ones are widened to a computed <see cref="DType"/> when they are read.</summary>
internal enum StorageType : byte
{
    Bool,
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float16,
    BFloat16,
    Float32,
    Float64,
}

/// <summary>Facts about each <see cref="StorageType"/>.</summary>
internal static class StorageTypes
{
    extension(StorageType type)
    {
        /// <summary>Bytes per element.</summary>
        public int Size => type switch
        {
            StorageType.Bool or StorageType.Int8 or StorageType.UInt8 => 1,
            StorageType.Int16 or StorageType.UInt16 or StorageType.Float16 or StorageType.BFloat16 => 2,
            StorageType.Int32 or StorageType.UInt32 or StorageType.Float32 => 4,
            _ => 8,
        };

        /// <summary>The type that kernels compute such values in.</summary>
        public DType Computed => type switch
        {
            StorageType.Bool => DType.Bool,
            StorageType.Int64 or StorageType.UInt64 => DType.Int64,
            StorageType.Float64 => DType.Float64,
            >= StorageType.Float16 => DType.Float32,
            _ => DType.Int32,
        };

        /// <summary>The type of the tensors whose elements lie so in memory; null where there are none.</summary>
        public DType? Element => Enum.GetValues<DType>().Where(element => Of(element) == type).Select(element => (DType?)element).FirstOrDefault();

        /// <summary>The short name the field uses.</summary>
        public string Name => type switch
        {
            StorageType.Bool => "bool",
            StorageType.Int8 => "i8",
            StorageType.UInt8 => "u8",
            StorageType.Int16 => "i16",
            StorageType.UInt16 => "u16",
            StorageType.Int32 => "i32",
            StorageType.UInt32 => "u32",
            StorageType.Int64 => "i64",
            StorageType.UInt64 => "u64",
            StorageType.Float16 => "f16",
            StorageType.BFloat16 => "bf16",
            StorageType.Float32 => "f32",
            _ => "f64",
        };
    }

    /// <summary>How values of a C# type lie in memory, or null if kernels cannot compute with them.</summary>
    public static StorageType? Of(Type type) =>
        type == typeof(Half) ? StorageType.Float16
        : type == typeof(nint) ? StorageType.Int64
        : type == typeof(nuint) ? StorageType.UInt64
        : Type.GetTypeCode(type.IsEnum ? Enum.GetUnderlyingType(type) : type) switch
        {
            TypeCode.Boolean => StorageType.Bool,
            TypeCode.SByte => StorageType.Int8,
            TypeCode.Byte => StorageType.UInt8,
            TypeCode.Int16 => StorageType.Int16,
            TypeCode.UInt16 or TypeCode.Char => StorageType.UInt16,
            TypeCode.Int32 => StorageType.Int32,
            TypeCode.UInt32 => StorageType.UInt32,
            TypeCode.Int64 => StorageType.Int64,
            TypeCode.UInt64 => StorageType.UInt64,
            TypeCode.Single => StorageType.Float32,
            TypeCode.Double => StorageType.Float64,
            _ => null,
        };

    /// <summary>How the elements of a tensor lie in memory.</summary>
    public static StorageType Of(DType type) => type switch
    {
        DType.Bool => StorageType.Bool,
        DType.UInt8 => StorageType.UInt8,
        DType.Int8 => StorageType.Int8,
        DType.Int32 => StorageType.Int32,
        DType.Int64 => StorageType.Int64,
        DType.Float16 => StorageType.Float16,
        DType.BFloat16 => StorageType.BFloat16,
        DType.Float32 => StorageType.Float32,
        _ => StorageType.Float64,
    };
}
