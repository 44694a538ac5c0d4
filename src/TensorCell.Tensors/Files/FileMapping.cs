using System.IO.MemoryMappedFiles;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>Makes parts of a file memory of tensors, without reading them: the system reads a page when it is first touched.</summary>
/// <remarks>A file that becomes shorter while it is mapped ends the process at the next touch of what is gone.</remarks>
internal sealed class FileMapping : IDisposable
{
    private readonly FileStream stream;
    private readonly bool isShared;
    private readonly MemoryMappedFileAccess access;
    private MemoryMappedFile? file;

    /// <summary>Prepares a file for parts of it to be mapped; what was mapped stays when this is disposed.</summary>
    /// <param name="stream">The open file, which this disposes; readable, and writable if it is to be shared.</param>
    /// <param name="isShared">Whether writes go to the file, where others see them; else a page that is written to is copied first.</param>
    public FileMapping(FileStream stream, bool isShared)
    {
        this.stream = stream;
        this.isShared = isShared;
        access = isShared ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.CopyOnWrite;
    }

    /// <summary>The file's bytes, to be read.</summary>
    public FileBytes Source => new(stream.SafeFileHandle);

    /// <summary>How many bytes the file has.</summary>
    public long Length => stream.Length;

    /// <summary>
    /// Maps elements, for as long as the storage lives. Those that are not in the file as tensors have them, or not at a multiple of their size, are read
    /// instead; and if they are to be shared, refused.
    /// </summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="count">How many elements.</param>
    /// <param name="element">How they are stored.</param>
    /// <param name="part">What is being mapped, for errors.</param>
    public Storage MapElements(long offset, long count, StoredElement element, FilePart part)
    {
        bool isAligned = offset % element.Size == 0;
        if (element.IsAsInMemory && isAligned)
        {
            return Map(offset, count * element.Size);
        }

        if (isShared && element.DType != DType.Bool)
        {
            part.Refuse($"its elements {(isAligned ? $"are not in the file as {element.DType.Name} is in memory" : $"begin at byte {offset}, no multiple of their size")}, so they cannot be shared; load it instead, or save it anew");
        }

        Storage read = ElementReader.Read(Source, offset, count, element, part);
        if (!isShared)
        {
            return read;
        }

        // All truth values are 0 or 1, and those who share them write no others.
        read.Dispose();
        return Map(offset, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file?.Dispose();
        stream.Dispose();
    }

    /// <summary>Maps a part of the file, for as long as the storage lives.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="byteLength">How many; if none, nothing is mapped.</param>
    private Storage Map(long offset, long byteLength)
    {
        if (byteLength == 0)
        {
            return Storage.Allocate(0);
        }

        file ??= MemoryMappedFile.CreateFromFile(stream, null, 0, access, HandleInheritability.None, leaveOpen: true);
        Storage storage = new MappedStorage(file.CreateViewAccessor(offset, byteLength, access), byteLength, isShared);
        TensorScope.Current?.Add(storage);
        return storage;
    }
}
