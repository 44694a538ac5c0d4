using System.Buffers.Binary;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>
/// Reads and writes safetensors files, the format in which models are exchanged: a table of names, types, shapes and places in JSON, then the
/// elements of all tensors, little-endian and without gaps. A file is taken for hostile until its table has been checked against its length.
/// </summary>
/// <remarks>The format is described at github.com/huggingface/safetensors.</remarks>
public static class SafeTensors
{
    /// <summary>Writes tensors to a file, all or nothing: what was there before stays until the new file is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Tensors by name; pending ones are computed.</param>
    /// <param name="metadata">Notes that travel with them.</param>
    /// <exception cref="ArgumentException">A name is empty or reserved.</exception>
    public static void Save(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        foreach ((string name, Tensor tensor) in tensors)
        {
            ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
            if (name.Length == 0 || name == SafeTensorsTable.MetadataName)
            {
                Throw.Argument($"safetensors {path}: a tensor cannot be called \"{name}\"; that name is {(name.Length == 0 ? "empty" : "the format's own")}");
            }
        }

        // Wider elements first, so that each tensor begins at a multiple of its element size.
        (string Name, Tensor Tensor)[] ordered =
            [.. tensors.Select(pair => (pair.Key, pair.Value)).OrderByDescending(pair => pair.Value.DType.Size)];
        Tensor.RealizeAll([.. ordered.Select(pair => pair.Tensor)]);
        byte[] table = SafeTensorsTable.Write(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(length, table.Length);
            stream.Write(length);
            stream.Write(table);
            foreach ((_, Tensor tensor) in ordered)
            {
                ElementWriter.Write(stream, tensor);
            }
        });
    }

    /// <summary>The table of a file; the tensors are not read.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a sound safetensors file; the message says what is wrong.</exception>
    public static SafeTensorsHeader ReadHeader(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = ExistingFile.Open(path);
        return SafeTensorsTable.Read(path, stream);
    }

    /// <summary>All tensors of a file by name.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a sound safetensors file; the message says what is wrong.</exception>
    public static IReadOnlyDictionary<string, Tensor> Load(string path) => Load(path, _ => true);

    /// <summary>Those tensors of a file whose names are wanted; the others are not read.</summary>
    /// <inheritdoc cref="Load(string)"/>
    public static IReadOnlyDictionary<string, Tensor> Load(string path, Func<string, bool> isWanted)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(isWanted);
        using FileStream stream = ExistingFile.Open(path);
        FileBytes source = new(stream.SafeFileHandle);
        return Wanted(SafeTensorsTable.Read(path, stream), isWanted, (name, entry) => Read(path, source, name, entry));
    }

    /// <summary>
    /// All tensors of a file by name, whose memory is the file: nothing is read before it is needed, and what several processes map is in memory once. Writing
    /// to one in place copies the pages that are written to; the file never changes. Tensors of bool, whose elements are checked, and those that do not begin
    /// at a multiple of their element size are read instead.
    /// </summary>
    /// <remarks>
    /// The file must not become shorter while it is mapped: touching what is gone ends the process, so map only files that nobody writes to; replacing one by
    /// another, as <see cref="Save"/> does, is safe. Each tensor's mapping ends with <see cref="Tensor.Dispose"/>, or when neither it nor a view of it is
    /// reachable; after a span over it was taken, with <see cref="Tensor.Dispose"/> or the process.
    /// </remarks>
    /// <inheritdoc cref="Load(string)"/>
    public static IReadOnlyDictionary<string, Tensor> Map(string path) => Map(path, _ => true);

    /// <summary>Those tensors of a file whose names are wanted, whose memory is the file; see <see cref="Map(string)"/>.</summary>
    /// <inheritdoc cref="Load(string)"/>
    public static IReadOnlyDictionary<string, Tensor> Map(string path, Func<string, bool> isWanted)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(isWanted);
        FileStream stream = ExistingFile.Open(path, FileShare.ReadWrite | FileShare.Delete);
        using FileMapping mapping = new(stream, isShared: false);
        return Wanted(SafeTensorsTable.Read(path, stream), isWanted, (name, entry) => Tensor.Wrap(
            mapping.MapElements(entry.Offset, entry.Shape.Count, StoredElement.Of(entry.DType), Part(path, name)), entry.Shape, entry.DType));
    }

    private static OrderedDictionary<string, Tensor> Wanted(
        SafeTensorsHeader header, Func<string, bool> isWanted, Func<string, SafeTensorsEntry, Tensor> read)
    {
        OrderedDictionary<string, Tensor> tensors = [];
        foreach ((string name, SafeTensorsEntry entry) in header.Tensors)
        {
            if (isWanted(name))
            {
                tensors.Add(name, read(name, entry));
            }
        }

        return tensors;
    }

    private static Tensor Read(string path, FileBytes source, string name, SafeTensorsEntry entry) => Tensor.Wrap(
        ElementReader.Read(source, entry.Offset, entry.Shape.Count, StoredElement.Of(entry.DType), Part(path, name)), entry.Shape, entry.DType);

    private static FilePart Part(string path, string name) => new("safetensors", path, $"tensor \"{name}\": ");
}
