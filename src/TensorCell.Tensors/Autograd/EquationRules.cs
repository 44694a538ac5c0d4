namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of what is computed by elimination.</summary>
internal static class EquationRules
{
    /// <summary>Derives solutions X of A X = B: the gradient of B solves the transposed equations, that of A is its product with Xᵀ, negated.</summary>
    public static Tensor Solve(Tensor result, Tensor matrices, Tensor sides) => result.Derive("solve", [matrices, sides], null, (input, gradient, solutions) =>
    {
        Tensor ofSides = matrices.Transpose().Solve(gradient);
        return input == 0 ? -ofSides.MatMul(solutions.Transpose()) : ofSides;
    });

    /// <summary>Derives determinants: by the transposed inverse, times themselves (Jacobi 1841).</summary>
    public static Tensor Determinant(Tensor result, Tensor matrices) => result.Derive(
        "determinant", [matrices], null, (_, gradient, y) => (gradient * y).Unsqueeze(-1).Unsqueeze(-1) * matrices.Inverse().Transpose());

    /// <summary>Derives logarithms of determinants: by the transposed inverse.</summary>
    public static Tensor LogDeterminant(Tensor result, Tensor matrices) => result.Derive(
        "logdeterminant", [matrices], null, (_, gradient, _) => gradient.Unsqueeze(-1).Unsqueeze(-1) * matrices.Inverse().Transpose());
}
