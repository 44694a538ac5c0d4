using System.Runtime.InteropServices;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Python;

/// <summary>An array on its way between C# and Python.</summary>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Bytes">Its elements in row-major order.</param>
internal sealed record PythonArray(DType DType, IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>NumPy's name of the element type; null for one it lacks.</summary>
    public string? TypeCode => CodeOf(DType);

    public static string? CodeOf(DType dtype) => dtype switch
    {
        DType.Bool => "?",
        DType.UInt8 => "u1",
        DType.Int8 => "i1",
        DType.Int32 => "i4",
        DType.Int64 => "i8",
        DType.Float16 => "f2",
        DType.Float32 => "f4",
        DType.Float64 => "f8",
        _ => null,
    };

    public static DType TypeOf(string code) => code switch
    {
        "b1" => DType.Bool,
        "u1" => DType.UInt8,
        "i1" => DType.Int8,
        "i4" => DType.Int32,
        "i8" => DType.Int64,
        "f2" => DType.Float16,
        "f4" => DType.Float32,
        "f8" => DType.Float64,
        _ => Throw.NoPythonType<DType>(code),
    };

    /// <summary>The array a C# value is; null when it is none that NumPy could hold.</summary>
    public static PythonArray? Of(object? value) => value switch
    {
        Tensor tensor => OfTensor(tensor),
        Array { Length: var length } array when IsElement(array.GetType().GetElementType()!) && length >= 0 => OfArray(array),
        _ => null,
    };

    /// <summary>Whether <see cref="Of"/> would make an array of the value, found without reading it.</summary>
    public static bool CanHold(object? value) => value switch
    {
        Tensor tensor => CodeOf(tensor.DType) is not null,
        Array array => IsElement(array.GetType().GetElementType()!),
        _ => false,
    };

    /// <summary>A tensor of an array's elements.</summary>
    public static Tensor ToTensor(string code, int[] shape, byte[] bytes) => TypeOf(code) switch
    {
        DType.Bool => Make<bool>(shape, bytes),
        DType.UInt8 => Make<byte>(shape, bytes),
        DType.Int8 => Make<sbyte>(shape, bytes),
        DType.Int32 => Make<int>(shape, bytes),
        DType.Int64 => Make<long>(shape, bytes),
        DType.Float16 => Make<Half>(shape, bytes),
        DType.Float32 => Make<float>(shape, bytes),
        _ => Make<double>(shape, bytes),
    };

    private static Tensor Make<T>(int[] shape, byte[] bytes)
        where T : unmanaged => Tensor.From<T>(MemoryMarshal.Cast<byte, T>(bytes), shape);

    private static PythonArray? OfTensor(Tensor tensor) => tensor.DType switch
    {
        DType.Bool => Read<bool>(tensor),
        DType.UInt8 => Read<byte>(tensor),
        DType.Int8 => Read<sbyte>(tensor),
        DType.Int32 => Read<int>(tensor),
        DType.Int64 => Read<long>(tensor),
        DType.Float16 => Read<Half>(tensor),
        DType.Float32 => Read<float>(tensor),
        DType.Float64 => Read<double>(tensor),
        _ => null,
    };

    private static PythonArray Read<T>(Tensor tensor)
        where T : unmanaged =>
        new(tensor.DType, [.. tensor.Shape.ToArray()], MemoryMarshal.AsBytes(tensor.IsContiguous ? tensor.AsSpan<T>() : tensor.ToArray<T>()).ToArray());

    private static bool IsElement(Type type) =>
        type == typeof(float) || type == typeof(double) || type == typeof(bool) || type == typeof(byte) || type == typeof(sbyte)
        || type == typeof(int) || type == typeof(long) || type == typeof(Half);

    private static PythonArray OfArray(Array array)
    {
        var dtype = DTypes.Of(array.GetType().GetElementType()!);
        var bytes = new byte[array.LongLength * dtype.Size];
        if (array.Length > 0)
        {
            var size = bytes.Length;
            MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), size).CopyTo(bytes);
        }

        return new(dtype, [.. Enumerable.Range(0, array.Rank).Select(dimension => array.GetLength(dimension))], bytes);
    }
}
