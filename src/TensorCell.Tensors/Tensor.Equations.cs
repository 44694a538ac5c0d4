using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors;

// Linear equations and what follows from their elimination, computed in f64 and given back in the type of the matrix; of integers as f64.
public sealed partial class Tensor
{
    /// <summary>
    /// The solution X of A X = B, where A is this matrix [n, n] and B a matrix [n, m] or a vector [n]; leading axes are batches and broadcast. By elimination
    /// with partial pivoting (Golub and Van Loan 2013, section 3.4). More exact and cheaper than multiplying with the <see cref="Inverse"/>.
    /// </summary>
    /// <param name="right">B.</param>
    /// <exception cref="ArgumentException">A is not square, the lengths differ; or, when computed, A is singular.</exception>
    public Tensor Solve(Tensor right)
    {
        ArgumentNullException.ThrowIfNull(right);
        RequireSquare("solve");
        if (right.Rank == 1)
        {
            return Solve(right.Unsqueeze(1)).Squeeze(-1);
        }

        if (right.Rank == 0 || right.Shape[-2] != Shape[-1])
        {
            Throw.Argument($"solve: a matrix {Shape} and a right side {right.Shape}: needs {Shape[-1]} rows, as [{Shape[-1]}] or [{Shape[-1]}, m]");
        }

        DType type = RealOf(Promotion.Of(DType, right.DType));
        Shape batch = Shape.Broadcast("solve", Shape.Adopt(Shape.ToArray()[..^2]), Shape.Adopt(right.Shape.ToArray()[..^2]));
        Tensor matrices = To(DType.Float64).BroadcastTo(Shape.Of([.. batch, Shape[-2], Shape[-1]]));
        Tensor sides = right.To(DType.Float64).BroadcastTo(Shape.Of([.. batch, right.Shape[-2], right.Shape[-1]]));
        Tensor first = matrices.Detach().Contiguous();
        Tensor second = sides.Detach().Contiguous();
        Tensor result = Pending(new SolveOperation(first.As(first.Shape), second.As(second.Shape)), sides.Shape, DType.Float64);
        return (Tape.Keeps(matrices, sides) ? EquationRules.Solve(result, matrices, sides) : result).To(type);
    }

    /// <summary>The inverse of each square matrix [… , n, n]. To solve equations, use <see cref="Solve"/>.</summary>
    /// <exception cref="ArgumentException">The matrices are not square; or, when computed, one is singular.</exception>
    public Tensor Inverse()
    {
        RequireSquare("inverse");
        return Solve(Eye(Shape[-1], dtype: RealOf(DType)));
    }

    /// <summary>The determinant of each square matrix [… , n, n]. Of large matrices it easily overflows: see <see cref="LogDeterminant"/>. It has no gradient where it is 0.</summary>
    /// <exception cref="ArgumentException">The matrices are not square.</exception>
    public Tensor Determinant()
    {
        Tensor matrices = Eliminated("determinant", out Tensor parts);
        Tensor result = parts[TensorIndex.Ellipsis, 0];
        return (Tape.Keeps(matrices) ? EquationRules.Determinant(result, matrices) : result).To(RealOf(DType));
    }

    /// <summary>The sign of the determinant of each square matrix [… , n, n], 0 of a singular one, and the natural logarithm of its magnitude, minus infinity then. NumPy's <c>slogdet</c>.</summary>
    /// <exception cref="ArgumentException">The matrices are not square.</exception>
    public (Tensor Sign, Tensor Logarithm) LogDeterminant()
    {
        Tensor matrices = Eliminated("logdeterminant", out Tensor parts);
        Tensor logarithm = parts[TensorIndex.Ellipsis, 2];
        logarithm = Tape.Keeps(matrices) ? EquationRules.LogDeterminant(logarithm, matrices) : logarithm;
        return (parts[TensorIndex.Ellipsis, 1].To(RealOf(DType)), logarithm.To(RealOf(DType)));
    }

    /// <summary>Each square matrix [… , n, n] multiplied with itself so many times: the identity for 0, powers of the inverse for negative ones.</summary>
    /// <param name="exponent">How many times.</param>
    /// <exception cref="ArgumentException">The matrices are not square; or, when computed, one is singular and the exponent negative.</exception>
    public Tensor MatrixPower(int exponent)
    {
        RequireSquare("matrixpower");
        if (exponent < 0)
        {
            return exponent == int.MinValue ? Inverse().MatrixPower(int.MaxValue).MatMul(Inverse()) : Inverse().MatrixPower(-exponent);
        }

        Tensor? product = null;
        Tensor square = this;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                product = product is null ? square : product.MatMul(square);
            }

            square = exponent > 1 ? square.MatMul(square) : square;
        }

        return product is not null ? Apart(product) : Eye(Shape[-1], dtype: DType).BroadcastTo(Shape).Clone();
    }

    private static DType RealOf(DType type) => type.IsFloatingPoint ? type : DType.Float64;

    private Tensor Eliminated(string operation, out Tensor parts)
    {
        RequireSquare(operation);
        Tensor matrices = To(DType.Float64);
        Tensor ordered = matrices.Detach().Contiguous();
        parts = Pending(new DeterminantOperation(ordered.As(ordered.Shape)), Shape.Of([.. Shape.ToArray()[..^2], 3]), DType.Float64);
        return matrices;
    }

    private void RequireSquare(string operation)
    {
        if (Rank < 2 || Shape[-1] != Shape[-2])
        {
            Throw.Argument($"{operation}: shape {Shape}; needs square matrices [… , n, n]");
        }

        RequireCpu(operation);
        Shape.Length(operation, (long)Shape[-1] * Shape[-2]);
    }
}
