using System.Globalization;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>NumPy's names of element types, as headers of <c>.npy</c> files have them.</summary>
internal static class NpyElementType
{
    /// <summary>The name of a type.</summary>
    /// <exception cref="NotSupportedException">NumPy has no such type.</exception>
    public static string NameOf(DType dtype) => dtype switch
    {
        DType.Bool => "|b1",
        DType.UInt8 => "|u1",
        DType.Int8 => "|i1",
        DType.Int32 => "<i4",
        DType.Int64 => "<i8",
        DType.Float16 => "<f2",
        DType.Float32 => "<f4",
        DType.Float64 => "<f8",
        _ => Throw.NotSupported<string>(
            $"npy: NumPy has no type {dtype.Name}; .To(DType.Float32) keeps every one of its numbers, and SafeTensors.Save keeps the type too"),
    };

    /// <summary>How elements of a type are stored.</summary>
    /// <param name="name">The type's name.</param>
    /// <param name="part">What is being read, for errors.</param>
    /// <exception cref="InvalidDataException">It is no type, or none that tensors hold.</exception>
    public static StoredElement Parse(string name, FilePart part)
    {
        bool hasOrder = name is ['<' or '>' or '|' or '=', ..];
        ReadOnlySpan<char> rest = name.AsSpan(hasOrder ? 1 : 0);
        if (rest.IsEmpty)
        {
            part.Refuse($"\"{Shown(name)}\" is no element type");
        }

        if (Advice(rest[0]) is { } advice)
        {
            part.Refuse($"elements of type \"{Shown(name)}\" {advice}");
        }

        if (!int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int size))
        {
            part.Refuse($"\"{Shown(name)}\" is no element type");
        }

        bool isBigEndian = name[0] == '>' && size > 1;
        return (rest[0], size) switch
        {
            ('b', 1) => StoredElement.Of(DType.Bool),
            ('i', 1) => StoredElement.Of(DType.Int8),
            ('i', 2 or 4) => new StoredElement(DType.Int32, size, IsUnsigned: false, isBigEndian),
            ('i', 8) => new StoredElement(DType.Int64, size, IsUnsigned: false, isBigEndian),
            ('u', 1) => StoredElement.Of(DType.UInt8),
            ('u', 2) => new StoredElement(DType.Int32, size, IsUnsigned: true, isBigEndian),
            ('u', 4 or 8) => new StoredElement(DType.Int64, size, IsUnsigned: true, isBigEndian),
            ('f', 2) => new StoredElement(DType.Float16, size, IsUnsigned: false, isBigEndian),
            ('f', 4) => new StoredElement(DType.Float32, size, IsUnsigned: false, isBigEndian),
            ('f', 8) => new StoredElement(DType.Float64, size, IsUnsigned: false, isBigEndian),
            ('f', 12 or 16) => part.Refuse<StoredElement>(
                $"elements of type \"{Shown(name)}\" are long doubles, whose layout depends on the machine; in Python, save array.astype(numpy.float64)"),
            _ => part.Refuse<StoredElement>($"\"{Shown(name)}\" is no element type; b1, i1 to i8, u1 to u8 and f2 to f8 are read"),
        };
    }

    private static string? Advice(char kind) => kind switch
    {
        'c' => "are complex numbers, which tensors do not hold; in Python, save array.real and array.imag, or numpy.stack of both",
        'O' => "are pickled Python objects, which are never read, because reading them runs code; in Python, save an array of numbers: numpy.asarray(list, dtype=float)",
        'S' or 'a' or 'U' => "are texts; in Python, write them to a CSV or JSON file",
        'M' or 'm' => "are dates or times; in Python, save array.astype(numpy.int64)",
        'V' => "are raw bytes; bf16 of Python's ml_dtypes is written so: in Python, save array.astype(numpy.float32), or use safetensors",
        _ => null,
    };

    private static string Shown(string name) => name.Length <= 40 ? name : $"{name.AsSpan(0, 40)}…";
}
