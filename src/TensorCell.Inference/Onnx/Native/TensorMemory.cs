using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Inference.Onnx;

/// <summary>The memory behind tensors, as ONNX Runtime is handed it.</summary>
internal static class TensorMemory
{
    /// <summary>A tensor with storage of its own, whose elements are whatever was there.</summary>
    public static Tensor Allocate(Shape shape, DType dtype) => Tensor.Wrap(Storage.Allocate(shape.Count * dtype.Size), shape, dtype);

    /// <summary>A tensor over memory that somebody else owns.</summary>
    public static Tensor Wrap(nint address, Shape shape, DType dtype, Action release) =>
        Tensor.Wrap(Storage.WrapForeign(address, shape.Count * dtype.Size, release), shape, dtype);

    /// <summary>Where a tensor's first element is; fixed while the storage is reachable.</summary>
    public static nint AddressOf(Tensor tensor, out Storage storage)
    {
        storage = tensor.Storage;
        return storage.Address + (nint)(tensor.Layout.Offset * tensor.DType.Size);
    }
}
