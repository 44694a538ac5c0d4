namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>A product to compute: C = A B.</summary>
/// <param name="Rows">Rows of A and C.</param>
/// <param name="Columns">Columns of B and C.</param>
/// <param name="Depth">Columns of A and rows of B; 0 fills C with zeros.</param>
/// <param name="A">The left factor, of any strides.</param>
/// <param name="B">The right factor, of any strides.</param>
/// <param name="C">The result, of any strides that make no two of its elements share memory; shares none with A or B.</param>
public readonly record struct MatrixProduct(
    long Rows, long Columns, long Depth, MatrixOperand A, MatrixOperand B, MatrixOperand C)
{
    /// <summary>Multiplications and additions.</summary>
    public double Flops => 2.0 * Rows * Columns * Depth;

    /// <summary>The same product written as that of the transposes: B' A' = C'.</summary>
    internal MatrixProduct Transposed => new(Columns, Rows, Depth, B.Transposed, A.Transposed, C.Transposed);

    /// <summary>Elements read and written, each once.</summary>
    internal double Elements => ((double)Rows * Depth) + ((double)Depth * Columns) + ((double)Rows * Columns);

    /// <summary>The product of the same shape that lies somewhat further on.</summary>
    internal MatrixProduct At(MatrixOffsets offsets, int elementSize) => this with
    {
        A = A.Offset(offsets.A, elementSize),
        B = B.Offset(offsets.B, elementSize),
        C = C.Offset(offsets.C, elementSize),
    };
}
