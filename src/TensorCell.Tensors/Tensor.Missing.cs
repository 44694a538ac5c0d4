using TensorCell.Kernels;

namespace TensorCell.Tensors;

// Statistics of what is not NaN, and of weighted elements.
public sealed partial class Tensor
{
    /// <summary>The product along axes (of all elements, by default) of those that are not NaN.</summary>
    public Tensor NanProd(Axes axes = default, bool keepDims = false) => InsteadOfNaN(1).Prod(axes, keepDims);

    /// <summary>The running sum along an axis, in which NaN counts as 0.</summary>
    public Tensor NanCumSum(int axis) => InsteadOfNaN(0).CumSum(axis);

    /// <summary>The median along axes (of all elements, by default) of those that are not NaN; NaN where there are none.</summary>
    public Tensor NanMedian(Axes axes = default, bool keepDims = false) => NanQuantile(0.5, axes, keepDims);

    /// <summary>The quantile along axes (of all elements, by default) of those that are not NaN; NaN where there are none. See <see cref="Quantile(double, Axes, bool)"/>.</summary>
    /// <param name="part">From 0, the least element, to 1, the greatest.</param>
    /// <param name="axes">Which axes.</param>
    /// <param name="keepDims">Whether they stay with length 1.</param>
    public Tensor NanQuantile(double part, Axes axes = default, bool keepDims = false)
    {
        if (!DType.IsFloatingPoint)
        {
            return Quantile(part, axes, keepDims);
        }

        if (!(part >= 0 && part <= 1))
        {
            Throw.Argument($"nanquantile: part {part}; use 0 to 1");
        }

        // In order, NaN comes last.
        Tensor sorted = InOrder("nanquantile", axes);
        Tensor count = (!sorted.IsNaN()).Sum(-1, keepDims: true);
        Tensor place = Maximum(count - 1, 0).To(DType.Float64) * part;
        Tensor below = place.Floor();
        Tensor share = (place - below).To(sorted.DType);
        Tensor lower = sorted.Gather(-1, below.To(DType.Int64));
        Tensor upper = sorted.Gather(-1, Minimum(below.To(DType.Int64) + 1, Maximum(count - 1, 0)));
        Tensor between = Where(share < 0.5, lower + ((upper - lower) * share), upper - ((upper - lower) * (1 - share)));
        Tensor quantile = Where(lower.EqualTo(upper) | share.EqualTo(0), lower, between).Squeeze(-1).To(DType);
        return keepDims ? quantile.Reshape(Axes.Kept(Shape, axes.Resolve("nanquantile", Shape))) : quantile;
    }

    /// <summary>The mean along axes (of all elements, by default) in which each element counts as much as its weight. Of integers an f64.</summary>
    /// <param name="weights">A vector along the axis, if it is one axis; else broadcast to this shape.</param>
    /// <param name="axes">Which axes.</param>
    /// <param name="keepDims">Whether they stay with length 1.</param>
    public Tensor Average(Tensor weights, Axes axes = default, bool keepDims = false)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Tensor real = To(RealOf(DType));
        Tensor shares = weights.To(RealOf(weights.DType));
        if (weights.Rank == 1 && axes.Resolve("average", Shape) is [int axis])
        {
            if (weights.Shape[0] != Shape[axis])
            {
                Throw.Argument($"average: {weights.Shape[0]} weights for axis {axis} of shape {Shape}; it takes {Shape[axis]}, or weights of the whole shape");
            }

            shares = shares.Reshape(Shape.Of([.. Enumerable.Repeat(1, axis), Shape[axis], .. Enumerable.Repeat(1, Rank - axis - 1)]));
        }

        shares = shares.BroadcastTo(Shape);
        return (real * shares).Sum(axes, keepDims) / shares.Sum(axes, keepDims);
    }
}
