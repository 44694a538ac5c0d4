namespace TensorCell.Tensors;

/// <summary>The bytes of a member of a zip file, unpacked from its beginning on, with their checksum.</summary>
/// <param name="stream">What unpacks it.</param>
/// <param name="part">The member, for errors.</param>
internal sealed class ZipMemberBytes(Stream stream, FilePart part) : ReadableBytes
{
    private Crc32 checksum;

    /// <inheritdoc/>
    public override bool IsRandomAccess => false;

    /// <summary>The checksum of all bytes read so far.</summary>
    public uint Checksum => checksum.Value;

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> target)
    {
        int read;
        try
        {
            read = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (ZipErrors.IsUnsound(error))
        {
            return part.Refuse<int>(ZipErrors.Reason(error));
        }

        checksum.Add(target[..read]);
        return read;
    }
}
