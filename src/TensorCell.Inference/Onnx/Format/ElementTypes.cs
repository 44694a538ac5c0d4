using TensorCell.Kernels;

namespace TensorCell.Inference.Onnx;

/// <summary>ONNX's numbers for element types (TensorProto.DataType; ONNX Runtime's are the same).</summary>
internal static class ElementTypes
{
    public const int Int64 = 7;
    public const int String = 8;

    private static readonly (string Name, double Bytes, DType? DType)[] all =
    [
        ("undefined", 0, null),
        ("f32", 4, DType.Float32),
        ("u8", 1, DType.UInt8),
        ("i8", 1, DType.Int8),
        ("u16", 2, null),
        ("i16", 2, null),
        ("i32", 4, DType.Int32),
        ("i64", 8, DType.Int64),
        ("string", 0, null),
        ("bool", 1, DType.Bool),
        ("f16", 2, DType.Float16),
        ("f64", 8, DType.Float64),
        ("u32", 4, null),
        ("u64", 8, null),
        ("complex64", 8, null),
        ("complex128", 16, null),
        ("bf16", 2, DType.BFloat16),
        ("f8e4m3fn", 1, null),
        ("f8e4m3fnuz", 1, null),
        ("f8e5m2", 1, null),
        ("f8e5m2fnuz", 1, null),
        ("u4", 0.5, null),
        ("i4", 0.5, null),
        ("f4e2m1", 0.5, null),
        ("f8e8m0", 1, null),
        ("u2", 0.25, null),
        ("i2", 0.25, null),
    ];

    /// <summary>Whether the number is one this library has heard of.</summary>
    public static bool IsKnown(long type) => type > 0 && type < all.Length;

    /// <summary>Whether elements, where they are not written as raw bytes, take just as many: f32, f64, and complex numbers of them.</summary>
    public static bool IsFixedWidth(long type) => type is 1 or 11 or 14 or 15;

    /// <summary>The short name, as dtypes are called here.</summary>
    public static string Name(long type) => type >= 0 && type < all.Length ? all[type].Name : $"element type {type}";

    /// <summary>Whether the short name is one of an element type, and so of a tensor.</summary>
    public static bool IsName(string name) => Array.FindIndex(all, type => type.Name == name) > 0;

    /// <summary>The dtype, where tensors have it.</summary>
    public static DType? DTypeOf(long type) => IsKnown(type) ? all[type].DType : null;

    /// <summary>Bytes that so many elements take; 0 for text.</summary>
    public static long Bytes(long type, long count) => (long)Math.Ceiling(count * (decimal)all[type].Bytes);

    /// <summary>The number of a dtype.</summary>
    public static int Of(DType dtype) => Array.FindIndex(all, type => type.DType == dtype);
}
