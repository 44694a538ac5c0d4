using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Grid;

/// <summary>A view whose first element begins at a page that nobody may touch, or whose last one ends at such a page.</summary>
internal sealed unsafe class GuardedView : IDisposable
{
    private readonly GuardedMemory memory;
    private readonly byte* place;
    private readonly byte[] source;
    private readonly int first;
    private readonly int bytes;

    /// <param name="source">The memory to copy from, and back to.</param>
    /// <param name="storage">What the elements are.</param>
    /// <param name="lengths">The view's extents.</param>
    /// <param name="strides">Elements from one to its neighbour along each dimension.</param>
    /// <param name="offset">The element at index 0, counted in elements from the memory's start.</param>
    /// <param name="atEnd">Whether the last element ends at a guard, rather than the first begins at one.</param>
    public GuardedView(byte[] source, StorageType storage, int[] lengths, long[] strides, long offset, bool atEnd)
    {
        var steps = lengths.Zip(strides, (length, stride) => (length - 1) * stride).ToArray();
        var isEmpty = lengths.Contains(0);
        var low = isEmpty ? 0 : offset + steps.Where(step => step < 0).Sum();
        var high = isEmpty ? 0 : offset + steps.Where(step => step > 0).Sum() + 1;
        (this.source, first, bytes) = (source, (int)low * storage.Size, (int)(high - low) * storage.Size);
        memory = new(bytes);
        place = memory.Place(bytes, atEnd);
        source.AsSpan(first, bytes).CopyTo(new(place, bytes));
        Argument = new(new(null, (nint)place + (nint)((isEmpty ? 0 : offset - low) * storage.Size)), storage, lengths, [.. strides.Select(stride => (nint)stride)]);
    }

    /// <summary>The view.</summary>
    public KernelArgument Argument { get; }

    /// <summary>Puts what the view's memory holds into that which it was copied from, and frees it.</summary>
    public void Dispose()
    {
        new Span<byte>(place, bytes).CopyTo(source.AsSpan(first));
        memory.Dispose();
    }
}
