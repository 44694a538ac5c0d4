using System.Buffers;

namespace TensorCell.Tensors;

/// <summary>Elements of a storage as memory of .NET.</summary>
internal sealed unsafe class StorageMemory<T>(Storage storage, long offset, int length) : MemoryManager<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public override Span<T> GetSpan() => storage.AsSpan<T>(offset, length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        // The address never changes; the handle refers to this, and so to the storage.
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)length, nameof(elementIndex));
        return new MemoryHandle((T*)storage.Address + offset + elementIndex, pinnable: this);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
