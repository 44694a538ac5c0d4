using System.Buffers;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>Reads elements from a file to memory of a tensor, in blocks, on all cores where the blocks can be read in any order.</summary>
internal static unsafe class ElementReader
{
    private const int BlockLength = 1 << 20;

    /// <summary>Reads elements that lie one after the other.</summary>
    /// <param name="source">What they are read from.</param>
    /// <param name="offset">Where the first byte is.</param>
    /// <param name="count">How many; the caller has checked that there can be as many bytes.</param>
    /// <param name="element">How they are stored.</param>
    /// <param name="part">What is being read, for errors.</param>
    /// <exception cref="InvalidDataException">The bytes end early, or are not what the type allows.</exception>
    public static Storage Read(ReadableBytes source, long offset, long count, StoredElement element, FilePart part)
    {
        Storage storage = Storage.Allocate(count * element.DType.Size);
        nint address = storage.Address;
        int perBlock = BlockLength / element.Size;
        int blocks = checked((int)((count + perBlock - 1) / perBlock));
        try
        {
            if (source.IsRandomAccess)
            {
                Workers.For(blocks, Read);
            }
            else
            {
                for (int block = 0; block < blocks; block++)
                {
                    Interruption.Check();
                    Read(block);
                }
            }
        }
        catch
        {
            storage.Dispose();
            throw;
        }

        GC.KeepAlive(storage);
        return storage;

        void Read(int block)
        {
            long first = (long)block * perBlock;
            int length = (int)Math.Min(perBlock, count - first);
            Span<byte> elements = new((byte*)address + (first * element.DType.Size), length * element.DType.Size);
            byte[]? narrow = element.IsSameSize ? null : ArrayPool<byte>.Shared.Rent(BlockLength);
            Span<byte> stored = narrow is null ? elements : narrow.AsSpan(0, length * element.Size);
            int read = source.Read(offset + (first * element.Size), stored);
            if (read < stored.Length)
            {
                part.Refuse($"the elements end after {(first * element.Size) + read} of their {count * element.Size} bytes: the file became shorter while it was read, or is damaged");
            }

            element.Decode(stored, elements, first, part);
            if (narrow is not null)
            {
                ArrayPool<byte>.Shared.Return(narrow);
            }
        }
    }
}
