using Microsoft.Win32.SafeHandles;

namespace TensorCell.Tensors;

/// <summary>The bytes of an open file.</summary>
internal sealed class FileBytes(SafeFileHandle file) : ReadableBytes
{
    /// <inheritdoc/>
    public override bool IsRandomAccess => true;

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> target)
    {
        int done = 0;
        while (done < target.Length)
        {
            int read = RandomAccess.Read(file, target[done..], offset + done);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }
}
