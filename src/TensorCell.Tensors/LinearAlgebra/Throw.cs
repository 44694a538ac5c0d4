using System.Diagnostics.CodeAnalysis;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors;

/// <summary>The errors of linear algebra.</summary>
internal static partial class Throw
{
    [DoesNotReturn]
    public static void ProductType(DType dtype) => throw new NotSupportedException(
        $"matmul: {dtype.Name} matrices cannot be multiplied; convert them to f32, f64, i32 or i64");

    [DoesNotReturn]
    public static void ProductShape(in MatrixProduct product) => throw new ArgumentOutOfRangeException(
        nameof(product),
        $"matmul: [{product.Rows}, {product.Depth}] x [{product.Depth}, {product.Columns}]: a dimension is less than 0");
}
