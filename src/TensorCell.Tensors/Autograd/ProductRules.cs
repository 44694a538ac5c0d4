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
            return IsTransposed(left)
                ? right.MatMul(gradient.Transpose()).Transpose().SumTo(left.Shape)
                : gradient.MatMul(right.Transpose()).SumTo(left.Shape);
        }

        // One matrix for a whole batch: its gradient is one product over all rows, instead of a sum of many.
        Tensor rows = right.Rank == 2 && left.Rank > 2 ? AllRows(left) : left;
        Tensor rowGradients = right.Rank == 2 && left.Rank > 2 ? AllRows(gradient) : gradient;
        return IsTransposed(right)
            ? rowGradients.Transpose().MatMul(rows).Transpose().SumTo(right.Shape)
            : rows.Transpose().MatMul(rowGradients).SumTo(right.Shape);
    }, DerivationReads.Inputs);

    /// <summary>The rows of all matrices of a batch as one matrix.</summary>
    private static Tensor AllRows(Tensor matrices) => matrices.Reshape(
        Shape.Length("matmul", matrices.Shape.SkipLast(1).Aggregate(1L, (count, length) => count * length)), matrices.Shape[-1]);

    /// <summary>
    /// Whether the matrices lie column by column, as those of a transposed view: the gradient is then computed transposed too, so that it lies like
    /// the tensor behind the view.
    /// </summary>
    private static bool IsTransposed(Tensor matrix) => matrix.Strides[^2] == 1 && matrix.Strides[^1] != 1;
}
