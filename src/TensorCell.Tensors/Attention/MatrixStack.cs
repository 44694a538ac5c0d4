using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>Matrices somewhere in memory, one for each head of each element of a batch; any strides will do.</summary>
/// <param name="Address">The first element of the first.</param>
/// <param name="ElementSize">Bytes of an element.</param>
/// <param name="Layout">[batch…, heads, rows, columns]; its offset is in the address already.</param>
internal sealed record MatrixStack(nint Address, int ElementSize, Layout Layout)
{
    /// <summary>Elements from one row to the next.</summary>
    public long RowStride => Layout.Strides[^2];

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride => Layout.Strides[^1];

    /// <summary>What a layout shows of a storage.</summary>
    public static MatrixStack Of(Storage storage, DType dtype, Layout layout) =>
        new(storage.Address + (nint)(layout.Offset * dtype.Size), dtype.Size, layout);

    /// <summary>One of the matrices.</summary>
    /// <param name="batch">Which element of the batch, counted row-major.</param>
    /// <param name="head">Which head.</param>
    public MatrixOperand At(int batch, int head)
    {
        long elements = head * Layout.Strides[^3];
        for (int axis = Layout.Shape.Rank - 4; axis >= 0; axis--)
        {
            (batch, int position) = Math.DivRem(batch, Layout.Shape[axis]);
            elements += position * Layout.Strides[axis];
        }

        return new MatrixOperand(Address, RowStride, ColumnStride).Offset(elements, ElementSize);
    }
}
