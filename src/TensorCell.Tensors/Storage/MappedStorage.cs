using System.IO.MemoryMappedFiles;

namespace TensorCell.Tensors;

/// <summary>
/// A part of a file as memory. The mapping ends when the storage is disposed or collected; but a span cannot keep it, so once one was
/// lent it ends by <see cref="Storage.Dispose()"/> only, or with the process.
/// </summary>
internal sealed unsafe class MappedStorage : Storage
{
    private readonly MemoryMappedViewAccessor view;
    private readonly Lock gate = new();
    private bool isLent;

    /// <summary>Memory over a view, which it owns.</summary>
    /// <param name="view">What was mapped.</param>
    /// <param name="byteLength">How many bytes of it are elements.</param>
    /// <param name="isShared">Whether writes go to the file.</param>
    public MappedStorage(MemoryMappedViewAccessor view, long byteLength, bool isShared)
        : base(view.SafeMemoryMappedViewHandle.DangerousGetHandle() + (nint)view.PointerOffset, byteLength)
    {
        this.view = view;
        IsShared = isShared;
    }

    /// <inheritdoc/>
    public override bool IsShared { get; }

    /// <summary>Writes what was written to the memory to the disk.</summary>
    public void Flush() => view.Flush();

    /// <inheritdoc/>
    public override Span<T> AsSpan<T>(long offset, int length)
    {
        lock (gate)
        {
            if (IsDisposed)
            {
                Throw.Disposed();
            }

            if (!isLent)
            {
                view.SafeMemoryMappedViewHandle.DangerousAddRef(ref isLent);
            }
        }

        return new Span<T>((T*)Address + offset, length);
    }

    private protected override void Release()
    {
        lock (gate)
        {
            if (isLent)
            {
                view.SafeMemoryMappedViewHandle.DangerousRelease();
            }
        }

        view.Dispose();
    }
}
