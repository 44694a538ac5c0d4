using System.IO.Compression;

namespace TensorCell.Tensors;

/// <summary>An array of an <c>.npz</c> file, read when it is asked for.</summary>
/// <param name="path">The file.</param>
/// <param name="name">The member's name in the zip file.</param>
internal sealed class NpzMember(string path, string name)
{
    /// <summary>How many times its own length the deflate format can at most unpack to, and the few bytes by which short data exceed that.</summary>
    private const long GreatestRatio = 1032, Slack = 1024;

    private readonly Lock gate = new();
    private Tensor? tensor;

    /// <summary>The array, read unless it was before and its memory was not given back since.</summary>
    public Tensor Tensor
    {
        get
        {
            lock (gate)
            {
                return tensor is { Value.Storage.IsDisposed: false } ? tensor : tensor = Read();
            }
        }
    }

    /// <summary>Opens the zip file for one reading.</summary>
    public static ZipArchive Open(string path, FilePart part, out long length)
    {
        FileStream stream = ExistingFile.Open(path);
        length = stream.Length;
        try
        {
            return part.Translated(() => new ZipArchive(new BufferedStream(stream), ZipArchiveMode.Read));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private Tensor Read()
    {
        FilePart part = new("npz", path, $"member \"{name}\": ");
        using ZipArchive zip = Open(path, part, out long fileLength);
        ZipArchiveEntry? entry = part.Translated(() => zip.GetEntry(name));
        if (entry is null)
        {
            part.Refuse("it is not there any more: the file was replaced");
        }

        if (entry.IsEncrypted)
        {
            part.Refuse("it is encrypted");
        }

        if (entry.CompressedLength < 0 || entry.CompressedLength > fileLength || entry.Length < 0 || entry.Length > (GreatestRatio * entry.CompressedLength) + Slack)
        {
            part.Refuse($"it claims to unpack from {entry.CompressedLength} to {entry.Length} bytes, in a file of {fileLength}");
        }

        using Stream stream = part.Translated(entry.Open);
        ZipMemberBytes source = new(stream, part);
        Tensor read = Npy.Read(source, entry.Length, part);
        if (source.Checksum != entry.Crc32)
        {
            read.Dispose();
            part.Refuse("its checksum is not that of its bytes: it is damaged");
        }

        return read;
    }
}
