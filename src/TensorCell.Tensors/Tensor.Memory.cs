using TensorCell.Kernels;

namespace TensorCell.Tensors;

// Memory of .NET as elements, and elements as memory of .NET, which unlike a span can be kept and handed on.
public sealed partial class Tensor
{
    /// <summary>A vector over the memory itself, without a copy; it stays pinned while the tensor lives.</summary>
    public static Tensor From<T>(Memory<T> memory)
        where T : unmanaged => Wrap(Storage.Wrap(memory), Shape.Of(memory.Length), DTypes.Of<T>());

    /// <summary>A tensor of a shape over the memory itself, in row-major order, without a copy; it stays pinned while the tensor lives.</summary>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public static Tensor From<T>(Memory<T> memory, Shape shape)
        where T : unmanaged => From(memory).Reshape(shape);

    /// <summary>
    /// The elements in place, as memory that keeps them alive; the tensor must be contiguous. Not to be used after the tensor is disposed.
    /// </summary>
    /// <exception cref="InvalidOperationException">They have another type, or do not lie in row-major order.</exception>
    public ReadOnlyMemory<TElement> AsMemory<TElement>()
        where TElement : unmanaged
    {
        RequireReadable<TElement>("asMemory");
        return new StorageMemory<TElement>(Storage, Layout.Offset, checked((int)Count)).Memory;
    }

    /// <summary>
    /// The elements as memory to write to, which keeps them alive; the tensor must be contiguous. Finish writing before the tensor is used again.
    /// </summary>
    /// <exception cref="InvalidOperationException">They have another type, or do not lie in row-major order.</exception>
    public Memory<TElement> AsWritableMemory<TElement>()
        where TElement : unmanaged
    {
        RequireReadable<TElement>("asWritableMemory");
        RequireUntracked("asWritableMemory");
        BeginWrite();
        return new StorageMemory<TElement>(Storage, Layout.Offset, checked((int)Count)).Memory;
    }
}
