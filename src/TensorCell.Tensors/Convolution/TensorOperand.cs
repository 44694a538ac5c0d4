using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Convolution;

/// <summary>A tensor of four axes in memory.</summary>
/// <param name="Address">Its first element.</param>
/// <param name="Strides">Elements from one to the next along each axis.</param>
/// <param name="ElementSize">Bytes per element.</param>
internal readonly record struct TensorOperand(nint Address, long[] Strides, int ElementSize)
{
    /// <summary>A stored value as an operation reads it.</summary>
    public static TensorOperand Of(Operand operand, Storage storage)
    {
        int size = operand.Value.DType.Size;
        return new TensorOperand(storage.Address + (nint)(operand.Layout.Offset * size), operand.Layout.Strides, size);
    }

    /// <summary>The operand as images.</summary>
    public ImageOperand Images => new(Address, Stride(0), Stride(1), Stride(2), Stride(3));

    /// <summary>Elements from one to the next along an axis.</summary>
    public nint Stride(int axis) => (nint)Strides[axis];

    /// <summary>How many elements from the first of a filter's channel a weight lies.</summary>
    public nint Offset(int row, int column) => (row * Stride(2)) + (column * Stride(3));
}
