using System.Buffers;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>Writes elements of tensors to streams.</summary>
internal static class ElementWriter
{
    private const int ChunkLength = 1 << 20;

    /// <summary>Writes the elements of a tensor, little-endian and in row-major order.</summary>
    public static void Write(Stream stream, Tensor tensor)
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
}
