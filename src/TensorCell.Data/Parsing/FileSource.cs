using Microsoft.Win32.SafeHandles;
using TensorCell.Tensors;

namespace TensorCell.Data.Parsing;

/// <summary>A file read in pieces; never mapped, since a mapped file that shrinks ends the process.</summary>
internal sealed class FileSource : ByteSource
{
    private readonly FileStream stream;
    private readonly SafeFileHandle handle;

    private FileSource(string path, SourceFormat format, FileStream stream)
    {
        Format = format;
        Name = path;
        this.stream = stream;
        handle = stream.SafeFileHandle;
        Length = stream.Length;
    }

    public override string Name { get; }

    public override long Length { get; }

    /// <summary>Opens a file; what has no length or place, as a pipe, is read into memory first.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ByteSource Open(string path, SourceFormat format)
    {
        FileStream stream = ExistingFile.Open(path, FileShare.ReadWrite | FileShare.Delete);
        if (stream.CanSeek && stream.Length > 0)
        {
            return new FileSource(path, format, stream);
        }

        using (stream)
        {
            using MemoryStream memory = new();
            stream.CopyTo(memory);
            return new MemorySource(memory.GetBuffer().AsMemory(0, (int)memory.Length), path) { Format = format };
        }
    }

    public override int Read(long offset, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int count = RandomAccess.Read(handle, buffer[total..], offset + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    public override void Dispose() => stream.Dispose();
}
