using System.Runtime.InteropServices;
using TensorCell.Kernels;

namespace TensorCell.Interactive.Python;

/// <summary>An array on its way between C# and Python.</summary>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Bytes">Its elements in row-major order.</param>
internal sealed record PythonArray(DType DType, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
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
        _ => throw new InvalidDataException($"python: an array of {code} has no counterpart in C#"),
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

        return new(dtype, [.. Enumerable.Range(0, array.Rank).Select(dimension => array.GetLongLength(dimension))], bytes);
    }
}
