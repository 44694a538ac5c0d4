namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of matrix products.</summary>
internal static class ProductRules
{
    /// <summary>Derives a matrix product.</summary>
    /// <param name="result">[batch…, m, n].</param>
    /// <param name="left">[batch…, m, k].</param>
    /// <param name="right">[batch…, k, n].</param>
    public static Tensor MatMul(Tensor result, Tensor left, Tensor right) => result.Derive("matmul", [left, right], null, (input, gradient, _) =>
    {
        if (input == 0)
        {
            return gradient.MatMul(right.Transpose()).SumTo(left.Shape);
        }

        // One matrix for a whole batch: its gradient is one product over all rows, instead of a sum of many.
        return right.Rank == 2 && left.Rank > 2
            ? left.Reshape(-1, left.Shape[-1]).T.MatMul(gradient.Reshape(-1, gradient.Shape[-1]))
            : left.Transpose().MatMul(gradient).SumTo(right.Shape);
    });
}
