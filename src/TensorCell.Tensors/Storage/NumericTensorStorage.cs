using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TensorCell.Tensors;

/// <summary>The memory of a tensor of System.Numerics.Tensors, pinned while the storage lives.</summary>
internal sealed unsafe class NumericTensorStorage<T> : Storage
    where T : unmanaged
{
    private readonly Tensor<T> tensor;
    private MemoryHandle pin;

    /// <summary>A storage over what a tensor or a slice of one shows.</summary>
    /// <param name="tensor">The tensor; not empty.</param>
    /// <param name="extent">Elements from its first to the one after its last, those between that it does not show included.</param>
    public NumericTensorStorage(Tensor<T> tensor, long extent)
        : this(tensor, extent, tensor.GetPinnedHandle())
    {
    }

    private NumericTensorStorage(Tensor<T> tensor, long extent, MemoryHandle pin)
        : base((nint)Unsafe.AsPointer(ref First(tensor)), extent * sizeof(T))
    {
        this.tensor = tensor;
        this.pin = pin;
    }

    ~NumericTensorStorage() => Release();

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override Span<TElement> AsSpan<TElement>(long offset, int length) =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref Unsafe.As<T, TElement>(ref First(tensor)), (nint)offset), length);

    private protected override void Release() => pin.Dispose();

    // A slice's own GetPinnableReference is that of what it is a slice of; its span's is its own.
    private static ref T First(Tensor<T> tensor) => ref Unsafe.AsRef(in tensor.AsTensorSpan().GetPinnableReference());
}
