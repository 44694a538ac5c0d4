using System.IO.Compression;

namespace TensorCell.Tensors;

/// <summary>Reads and writes <c>.npz</c> files, in which NumPy keeps several arrays by name: a zip file of <c>.npy</c> files.</summary>
public static class Npz
{
    // The earliest that the format can say, as NumPy has it: files of the same tensors have the same bytes.
    private static readonly DateTimeOffset noMoment = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The arrays of a file by name. Each is read, and unpacked, when it is first asked for.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no sound zip file; the message says what is wrong.</exception>
    public static NpzArchive Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new NpzArchive(path);
    }

    /// <summary>Writes tensors to a file, all or nothing: what was there before stays until the new file is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">Tensors by name; pending ones are computed.</param>
    /// <exception cref="ArgumentException">A name is empty, or there twice.</exception>
    /// <exception cref="NotSupportedException">A tensor is bf16, which NumPy does not know.</exception>
    public static void Save(string path, params ReadOnlySpan<(string Name, Tensor Tensor)> tensors) =>
        Write(path, tensors, CompressionLevel.NoCompression);

    /// <inheritdoc cref="Save(string, ReadOnlySpan{ValueTuple{string, Tensor}})"/>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> tensors) =>
        Write(path, Listed(tensors), CompressionLevel.NoCompression);

    /// <summary>Writes tensors to a file, packed; which takes longer, and pays where numbers repeat. All or nothing: what was there before stays until the new file is complete.</summary>
    /// <inheritdoc cref="Save(string, ReadOnlySpan{ValueTuple{string, Tensor}})"/>
    public static void SaveCompressed(string path, params ReadOnlySpan<(string Name, Tensor Tensor)> tensors) =>
        Write(path, tensors, CompressionLevel.Optimal);

    /// <inheritdoc cref="SaveCompressed(string, ReadOnlySpan{ValueTuple{string, Tensor}})"/>
    public static void SaveCompressed(string path, IReadOnlyDictionary<string, Tensor> tensors) =>
        Write(path, Listed(tensors), CompressionLevel.Optimal);

    private static (string Name, Tensor Tensor)[] Listed(IReadOnlyDictionary<string, Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return [.. tensors.Select(pair => (pair.Key, pair.Value))];
    }

    private static void Write(string path, ReadOnlySpan<(string Name, Tensor Tensor)> tensors, CompressionLevel level)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        HashSet<string> names = [];
        foreach ((string name, Tensor tensor) in tensors)
        {
            ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
            if (string.IsNullOrEmpty(name) || !names.Add(name))
            {
                Throw.Argument($"npz {path}: {(string.IsNullOrEmpty(name) ? "a tensor has no name" : $"two tensors are called \"{name}\"")}; give each a name of its own");
            }
        }

        List<(string Name, Action<Stream> Write)> members = [];
        foreach ((string name, Tensor tensor) in tensors)
        {
            members.Add((name, Npy.Writer(tensor)));
        }

        AtomicFile.Write(path, stream =>
        {
            using ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string name, Action<Stream> write) in members)
            {
                ZipArchiveEntry entry = zip.CreateEntry(name + NpzArchive.Extension, level);
                entry.LastWriteTime = noMoment;
                using Stream target = entry.Open();
                write(target);
            }
        });
    }
}
