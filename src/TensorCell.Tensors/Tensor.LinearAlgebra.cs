using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Products of vectors and matrices.
public sealed partial class Tensor
{
    /// <summary>
    /// The matrix product as NumPy's <c>@</c>: [m, k] x [k, n] gives [m, n]; a vector stands for a row on the left and a column on the
    /// right and its axis goes; leading axes are batches and broadcast. Of integers an integer, which wraps; of truth values, whether any product holds.
    /// </summary>
    /// <exception cref="ArgumentException">A scalar, inner lengths that differ, or batches that do not broadcast.</exception>
    public Tensor MatMul(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Rank == 0 || other.Rank == 0)
        {
            Throw.Argument($"matmul: {Shape} x {other.Shape}: a scalar has no rows or columns; use *");
        }

        DType type = Promotion.Of(DType, other.DType);
        DType computed = type == DType.Bool ? DType.Int32 : type.Computed;
        Tensor left = (Rank == 1 ? Unsqueeze(0) : this).To(computed);
        Tensor right = (other.Rank == 1 ? other.Unsqueeze(1) : other).To(computed);
        int inner = left.Shape[-1];
        if (inner != right.Shape[-2])
        {
            Throw.Argument($"matmul: {Shape} x {other.Shape}: inner dimensions differ ({inner} and {right.Shape[-2]})");
        }

        Shape batch = Shape.Broadcast(
            "matmul", Shape.Adopt(left.Shape.ToArray()[..^2]), Shape.Adopt(right.Shape.ToArray()[..^2]));
        Shape shape = Shape.Of([.. batch, left.Shape[-2], right.Shape[-1]]);
        Tensor product = Pending(
            new MatrixProductOperation(
                left.As(Shape.Of([.. batch, left.Shape[-2], inner])), right.As(Shape.Of([.. batch, inner, right.Shape[-1]]))),
            shape,
            computed);
        product = (Tape.Keeps(left, right) ? ProductRules.MatMul(product, left, right) : product).To(type);
        return Rank == 1 && other.Rank == 1 ? product.Reshape(default(Shape))
            : Rank == 1 ? product.Squeeze(-2)
            : other.Rank == 1 ? product.Squeeze(-1)
            : product;
    }

    /// <summary>The sum of the products of two vectors of one length, in their type: integers wrap.</summary>
    public Tensor Dot(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Rank == 1 && other.Rank == 1 && Shape == other.Shape
            ? (this * other).Sum().To(Promotion.Of(DType, other.DType))
            : Throw.Argument<Tensor>($"dot: {Shape} with {other.Shape}: needs two vectors of one length; for matrices use MatMul");
    }

    /// <summary>Every product of an element of one vector with an element of another: [m] and [n] give [m, n].</summary>
    public Tensor Outer(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Rank == 1 && other.Rank == 1
            ? Unsqueeze(1) * other
            : Throw.Argument<Tensor>($"outer: {Shape} with {other.Shape}: needs two vectors");
    }
}
