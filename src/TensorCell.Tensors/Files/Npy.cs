using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>
/// Reads and writes <c>.npy</c> files, in which NumPy keeps one array: a header, then the elements. A file is taken for hostile until its header has been
/// checked against its length.
/// </summary>
/// <remarks>
/// Arrays of bool, u8, i8, i32, i64, f16, f32 and f64 are read as what they are; i16 and u16 as i32, u32 as i64, and u64 as i64 where all numbers fit. Either
/// order of bytes and of axes is read; an array in Fortran's order becomes a view whose first axis moves fastest. The format is described at
/// numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
/// </remarks>
public static class Npy
{
    private const string Format = "npy";

    /// <summary>The header of a file; the elements are not read.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no sound <c>.npy</c> file of numbers; the message says what is wrong.</exception>
    public static NpyHeader ReadHeader(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = ExistingFile.Open(path);
        return NpyFormat.Read(new FileBytes(stream.SafeFileHandle), stream.Length, new FilePart(Format, path));
    }

    /// <summary>The array of a file.</summary>
    /// <inheritdoc cref="ReadHeader"/>
    public static Tensor Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = ExistingFile.Open(path);
        return Read(new FileBytes(stream.SafeFileHandle), stream.Length, new FilePart(Format, path));
    }

    /// <summary>
    /// The array of a file, whose memory is the file: nothing is read before it is needed, and what several processes map is in memory once. Writing in
    /// place copies the pages that are written to; the file never changes. What the file has otherwise than memory would (bool, which is checked; big-endian
    /// numbers; i16, u16, u32 and u64; elements that do not begin at a multiple of their size) is read instead.
    /// </summary>
    /// <remarks>
    /// The file must not become shorter while it is mapped: touching what is gone ends the process, so map only files that nobody writes to; replacing one by
    /// another, as <see cref="Save"/> does, is safe. The mapping ends with <see cref="Tensor.Dispose"/>, or when neither the tensor nor a
    /// view of it is reachable; after a span over it was taken, with <see cref="Tensor.Dispose"/> or the process.
    /// </remarks>
    /// <inheritdoc cref="ReadHeader"/>
    public static Tensor Map(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Map(path, ExistingFile.Open(path, FileShare.ReadWrite | FileShare.Delete), isShared: false);
    }

    /// <summary>
    /// The array of a file, whose memory is the file: what is written to it in place goes to the file, and to every process that has it mapped, as by
    /// <c>numpy.load(path, mmap_mode="r+")</c>. See <see cref="Tensor.Shared"/>.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no sound <c>.npy</c> file of numbers, or has them otherwise than memory would.</exception>
    public static Tensor Share(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Map(path, SharedFile.Open(path), isShared: true);
    }

    /// <summary>
    /// The array of a file, as <see cref="Share(string)"/> gives it; a file that is not there yet is made, of zeros, as by
    /// <c>numpy.lib.format.open_memmap(path, "w+", dtype, shape)</c>.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="shape">The shape, of at least one element.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <exception cref="ArgumentException">The shape has no elements.</exception>
    /// <exception cref="InvalidDataException">The file is there and holds something else.</exception>
    public static Tensor Share(string path, Shape shape, DType dtype = DType.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] head = NpyFormat.Write(dtype, shape, isFortranOrder: false);
        if (shape.Count == 0)
        {
            Throw.Argument($"share {path}: shape {shape} has no elements to share");
        }

        SharedFile.Ensure(path, head.Length + (shape.Count * dtype.Size), head);
        Tensor tensor = Share(path);
        if (tensor.Shape != shape || tensor.DType != dtype)
        {
            tensor.Dispose();
            new FilePart(Format, path).Refuse($"the file holds {tensor.DType.Name} of shape {tensor.Shape}, and {dtype.Name} of shape {shape} was asked for; delete it first, or share what it holds");
        }

        return tensor;
    }

    /// <summary>Writes a tensor to a file, all or nothing: what was there before stays until the new file is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensor">The tensor; computed if it is pending. A matrix or more whose first axis moves fastest is written so.</param>
    /// <exception cref="NotSupportedException">The tensor is bf16, which NumPy does not know.</exception>
    public static void Save(string path, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensor);
        Action<Stream> write = Writer(tensor);
        AtomicFile.Write(path, write);
    }

    /// <summary>What writes a tensor, checked and computed.</summary>
    internal static Action<Stream> Writer(Tensor tensor)
    {
        tensor.Realize();
        Tensor reversed = tensor.Rank > 1 ? tensor.Permute([.. Enumerable.Range(0, tensor.Rank).Reverse()]) : tensor;
        bool isFortranOrder = reversed.IsContiguous && !tensor.IsContiguous;
        byte[] head = NpyFormat.Write(tensor.DType, tensor.Shape, isFortranOrder);
        return stream =>
        {
            stream.Write(head);
            ElementWriter.Write(stream, isFortranOrder ? reversed : tensor);
        };
    }

    /// <summary>Reads a header and the elements after it.</summary>
    /// <param name="source">The file, or the member, from its first byte.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="part">What is being read, for errors.</param>
    internal static Tensor Read(ReadableBytes source, long length, FilePart part)
    {
        NpyHeader header = NpyFormat.Read(source, length, part);
        StoredElement element = NpyElementType.Parse(header.ElementType, part);
        return NpyFormat.Over(ElementReader.Read(source, header.Offset, header.Shape.Count, element, part), header);
    }

    private static Tensor Map(string path, FileStream stream, bool isShared)
    {
        using FileMapping mapping = new(stream, isShared);
        FilePart part = new(Format, path);
        NpyHeader header = NpyFormat.Read(mapping.Source, mapping.Length, part);
        StoredElement element = NpyElementType.Parse(header.ElementType, part);
        return NpyFormat.Over(mapping.MapElements(header.Offset, header.Shape.Count, element, part), header);
    }
}
