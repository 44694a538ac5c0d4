using System.Buffers;
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
    private const int ChunkLength = 1 << 20;

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
                WriteElements(stream, tensor);
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
        SafeTensorsHeader header = SafeTensorsTable.Read(path, stream);
        OrderedDictionary<string, Tensor> tensors = [];
        foreach ((string name, SafeTensorsEntry entry) in header.Tensors)
        {
            if (isWanted(name))
            {
                tensors.Add(name, ReadElements(path, stream, name, entry));
            }
        }

        return tensors;
    }

    /// <summary>Writes the elements of a tensor, little-endian and in row-major order.</summary>
    internal static void WriteElements(Stream stream, Tensor tensor)
    {
        Tensor source = tensor.Contiguous();
        Storage storage = source.Storage;
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            long first = source.Layout.Offset * source.DType.Size;
            for (long done = 0; done < source.ByteSize; done += ChunkLength)
            {
                Span<byte> part = chunk.AsSpan(0, (int)Math.Min(ChunkLength, source.ByteSize - done));
                storage.CopyTo(first + done, part);
                stream.Write(part);
                Interruption.Check();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static Tensor ReadElements(string path, FileStream stream, string name, SafeTensorsEntry entry)
    {
        Storage storage = Storage.Allocate(entry.ByteLength);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            for (long done = 0; done < entry.ByteLength;)
            {
                int wanted = (int)Math.Min(ChunkLength, entry.ByteLength - done);
                int read = RandomAccess.Read(stream.SafeFileHandle, chunk.AsSpan(0, wanted), entry.Offset + done);
                if (read == 0)
                {
                    Throw.BadFile("safetensors", path, $"tensor \"{name}\" ends after {done} of its {entry.ByteLength} bytes: the file became shorter while it was read");
                }

                ReadOnlySpan<byte> part = chunk.AsSpan(0, read);
                if (entry.DType == DType.Bool && part.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and int found)
                {
                    // The engine relies on a bool being 0 or 1.
                    Throw.BadFile("safetensors", path, $"element {done + found} of the bool tensor \"{name}\" is {part[found]}; a truth value is 0 or 1");
                }

                storage.CopyFrom(part, done);
                done += read;
                Interruption.Check();
            }
        }
        catch
        {
            storage.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return Tensor.Wrap(storage, entry.Shape, entry.DType);
    }
}
