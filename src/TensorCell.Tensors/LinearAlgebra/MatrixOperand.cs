namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>A matrix somewhere in memory; any strides will do, so a transpose is its strides exchanged.</summary>
/// <param name="Address">Its first element.</param>
/// <param name="RowStride">Elements from one row to the next; 0 repeats a row, less than 0 reverses.</param>
/// <param name="ColumnStride">Elements from one column to the next.</param>
public readonly record struct MatrixOperand(nint Address, long RowStride, long ColumnStride)
{
    /// <summary>The same elements with rows and columns exchanged.</summary>
    public MatrixOperand Transposed => new(Address, ColumnStride, RowStride);

    /// <summary>The matrix that begins <paramref name="elements"/> elements, of <paramref name="elementSize"/> bytes, further on.</summary>
    internal MatrixOperand Offset(long elements, int elementSize) => this with { Address = Address + (nint)(elements * elementSize) };
}
