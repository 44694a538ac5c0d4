using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Tensors;

// Norms, comparisons of whole tensors, and statistics of variables and of what is not NaN.
public sealed partial class Tensor
{
    /// <summary>
    /// The norm of the elements along axes (of all, by default) as one vector: (Σ|x|ᵖ)^(1/p). Narrower types than f64 are raised and summed up in double
    /// precision, so that nothing overflows that the norm itself does not; of integers an f64. Its gradient is 0 where it is 0.
    /// </summary>
    /// <param name="order">
    /// The power p: 2 is the Euclidean norm (of a matrix, Frobenius's), 1 the sum of magnitudes, infinity the greatest magnitude, minus infinity the
    /// least, and 0 counts elements that are not 0.
    /// </param>
    /// <param name="axes">Which axes.</param>
    /// <param name="keepDims">Whether they stay with length 1.</param>
    public Tensor Norm(double order = 2, Axes axes = default, bool keepDims = false)
    {
        if (double.IsNaN(order))
        {
            Throw.Argument("norm: order NaN; use a number, such as 2, or double.PositiveInfinity");
        }

        int[] folded = axes.Resolve("norm", Shape);
        DType type = DType.IsFloatingPoint ? DType : DType.Float64;
        Tensor source = To(type);
        if (order == 0)
        {
            return CountNonZero(axes, keepDims).To(type);
        }

        Tensor norm = source.NormOf(order, axes, keepDims);
        return Tape.Keeps(source) ? NormRules.Norm(norm, source, new NormPart(order, folded, keepDims)) : norm;
    }

    /// <summary>The sum of a diagonal of a matrix, or of those of two axes; of bool and integers an i64.</summary>
    /// <param name="offset">How far to the right of the main diagonal; negative below it.</param>
    /// <param name="first">The axis of rows.</param>
    /// <param name="second">The axis of columns.</param>
    public Tensor Trace(int offset = 0, int first = 0, int second = 1) => Rank < 2
        ? Throw.Argument<Tensor>($"trace: shape {Shape} has {Rank} axes; it takes two or more")
        : Diagonal(offset, first, second).Sum(-1);

    /// <summary>
    /// The covariance of each two variables, which are the rows of a matrix [variables, observations]; of a vector, the variance. Of integers an f64.
    /// </summary>
    /// <param name="correction">Subtracted from the number of observations before dividing: 1 for a sample's estimate, as NumPy, or 0.</param>
    public Tensor Covariance(double correction = 1)
    {
        if (Rank is 0 or > 2)
        {
            Throw.Argument($"covariance: shape {Shape}; needs a matrix [variables, observations] or a vector of observations");
        }

        Tensor real = DType.IsFloatingPoint ? Wide(this) : To(DType.Float64);
        Tensor centred = real - real.Mean(-1, keepDims: true);
        Tensor products = Rank == 1 ? centred.Square().Sum() : centred.MatMul(centred.T);
        return (products / Math.Max(0, Shape[-1] - correction)).To(DType.IsFloatingPoint ? DType : DType.Float64);
    }

    /// <summary>Pearson's correlation of each two variables, which are the rows of a matrix [variables, observations]: from -1 to 1.</summary>
    public Tensor Correlation()
    {
        Tensor covariance = Covariance();
        if (Rank == 1)
        {
            return covariance / covariance;
        }

        Tensor deviation = covariance.Diagonal().Sqrt();
        return (covariance / deviation.Unsqueeze(1) / deviation).Clamp(-1, 1);
    }

    /// <summary>How many elements along axes (of all, by default) are not zero; an i64. NaN is not zero.</summary>
    public Tensor CountNonZero(Axes axes = default, bool keepDims = false) => NotEqualTo(Zero).Sum(axes, keepDims);

    /// <summary>Whether each two elements are equal or differ by no more than a part of the other and an amount; a bool tensor.</summary>
    /// <param name="other">What it is compared with, and the difference is a part of; broadcasts.</param>
    /// <param name="relativeTolerance">The part.</param>
    /// <param name="absoluteTolerance">The amount.</param>
    /// <param name="equalNaN">Whether NaN is close to NaN.</param>
    public Tensor IsClose(Tensor other, double relativeTolerance = 1e-5, double absoluteTolerance = 1e-8, bool equalNaN = false)
    {
        ArgumentNullException.ThrowIfNull(other);
        Tensor left = Detach().To(DType.Float64);
        Tensor right = other.Detach().To(DType.Float64);
        Tensor isNear = (left - right).Abs() <= absoluteTolerance + (relativeTolerance * right.Abs());
        Tensor isClose = (isNear & right.IsFinite()) | left.EqualTo(right);
        return equalNaN ? isClose | (left.IsNaN() & right.IsNaN()) : isClose;
    }

    /// <summary>Whether all elements are close to those of a tensor; see <see cref="IsClose"/>.</summary>
    public bool AllClose(Tensor other, double relativeTolerance = 1e-5, double absoluteTolerance = 1e-8, bool equalNaN = false) =>
        IsClose(other, relativeTolerance, absoluteTolerance, equalNaN).All().Item<bool>();

    /// <summary>Whether both have one shape and equal elements, whatever their types.</summary>
    /// <param name="other">What it is compared with.</param>
    /// <param name="equalNaN">Whether NaN equals NaN.</param>
    public bool ArrayEqual(Tensor other, bool equalNaN = false)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Shape != other.Shape)
        {
            return false;
        }

        Tensor isEqual = Detach().EqualTo(other.Detach());
        return (equalNaN ? isEqual | (IsNaN() & other.IsNaN()) : isEqual).All().Item<bool>();
    }

    /// <summary>The sum along axes (of all elements, by default) without those that are NaN.</summary>
    public Tensor NanSum(Axes axes = default, bool keepDims = false) => InsteadOfNaN(0).Sum(axes, keepDims);

    /// <summary>The mean along axes (of all elements, by default) of those that are not NaN; NaN where there are none.</summary>
    public Tensor NanMean(Axes axes = default, bool keepDims = false) => !DType.IsFloatingPoint
        ? Mean(axes, keepDims)
        : (Computable(this).NanSum(axes, keepDims) / NumberCount(axes, keepDims)).To(DType);

    /// <summary>The variance along axes (of all elements, by default) of those that are not NaN; see <see cref="Var(Axes, bool, double)"/>.</summary>
    public Tensor NanVar(Axes axes = default, bool keepDims = false, double correction = 0)
    {
        if (!DType.IsFloatingPoint)
        {
            return Var(axes, keepDims, correction);
        }

        Tensor real = Computable(this);
        Tensor deviation = (real - real.NanMean(axes, keepDims: true)).InsteadOfNaN(0);
        return (deviation.Square().Sum(axes, keepDims) / Maximum(NumberCount(axes, keepDims) - correction, 0)).To(DType);
    }

    /// <summary>The standard deviation along axes (of all elements, by default) of those that are not NaN.</summary>
    public Tensor NanStd(Axes axes = default, bool keepDims = false, double correction = 0) => NanVar(axes, keepDims, correction).Sqrt();

    /// <summary>The greatest element along axes (of all, by default) that is not NaN; NaN where there is none.</summary>
    public Tensor NanMax(Axes axes = default, bool keepDims = false) => NanExtreme(double.NegativeInfinity, axes, keepDims, (x, at, keep) => x.Max(at, keep));

    /// <summary>The least element along axes (of all, by default) that is not NaN; NaN where there is none.</summary>
    public Tensor NanMin(Axes axes = default, bool keepDims = false) => NanExtreme(double.PositiveInfinity, axes, keepDims, (x, at, keep) => x.Min(at, keep));

    private Tensor NormOf(double order, Axes axes, bool keepDims)
    {
        using TapeScope untracked = NoGrad();
        Tensor exact = To(DType.Float64);
        Tensor norm = order switch
        {
            1 => exact.Abs().Sum(axes, keepDims),
            2 => exact.Square().Sum(axes, keepDims).Sqrt(),
            double.PositiveInfinity => Abs().Max(axes, keepDims),
            double.NegativeInfinity => Abs().Min(axes, keepDims),
            _ => exact.Abs().Power(order).Sum(axes, keepDims).Power(1 / order),
        };
        return norm.To(DType);
    }

    private Tensor Zero => DType == DType.Bool ? false : 0;

    // In the type that halves are computed in, which counts further than they do.
    private Tensor NumberCount(Axes axes, bool keepDims) => (!IsNaN()).Sum(axes, keepDims).To(DType.Computed);

    private Tensor InsteadOfNaN(double number) => DType.IsFloatingPoint ? Where(IsNaN(), number, this) : this;

    private Tensor NanExtreme(double instead, Axes axes, bool keepDims, Func<Tensor, Axes, bool, Tensor> extreme) => DType.IsFloatingPoint
        ? Where(IsNaN().All(axes, keepDims), double.NaN, extreme(InsteadOfNaN(instead), axes, keepDims))
        : extreme(this, axes, keepDims);
}
