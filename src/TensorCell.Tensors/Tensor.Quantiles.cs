using TensorCell.Kernels;

namespace TensorCell.Tensors;

// Quantiles along axes, of the elements in order. Of integers an f64; NaN where there is a NaN.
public sealed partial class Tensor
{
    /// <summary>The median of all elements.</summary>
    public Tensor Median() => Median([]);

    /// <summary>The middle element in order along axes; of an even number of them, the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There are no elements.</exception>
    public Tensor Median(Axes axes, bool keepDims = false)
    {
        Tensor sorted = InOrder("median", axes);
        int length = sorted.Shape[-1];
        Tensor upper = sorted[TensorIndex.Ellipsis, length / 2];
        Tensor middle = length % 2 == 1 ? upper : (sorted[TensorIndex.Ellipsis, (length / 2) - 1] + upper) * 0.5;
        return OfQuantile("median", sorted, middle, axes, keepDims);
    }

    /// <summary>The element that a part of the elements along axes (of all, by default) lies below, between neighbours by linear interpolation.</summary>
    /// <param name="part">From 0, the least element, to 1, the greatest.</param>
    /// <param name="axes">Which axes.</param>
    /// <param name="keepDims">Whether they stay with length 1.</param>
    /// <exception cref="ArgumentException">A part that is not from 0 to 1, or no elements.</exception>
    public Tensor Quantile(double part, Axes axes = default, bool keepDims = false) =>
        OneQuantile(InOrder("quantile", axes), part, axes, keepDims);

    /// <summary>Several quantiles, side by side along a new first axis; see <see cref="Quantile(double, Axes, bool)"/>.</summary>
    /// <param name="parts">Each from 0 to 1.</param>
    /// <param name="axes">Which axes.</param>
    /// <param name="keepDims">Whether they stay with length 1.</param>
    public Tensor Quantile(ReadOnlySpan<double> parts, Axes axes = default, bool keepDims = false)
    {
        Tensor sorted = InOrder("quantile", axes);
        Tensor[] quantiles = new Tensor[parts.Length];
        for (int index = 0; index < quantiles.Length; index++)
        {
            quantiles[index] = OneQuantile(sorted, parts[index], axes, keepDims);
        }

        return quantiles.Length > 0 ? Stack(0, quantiles) : Throw.Argument<Tensor>("quantile: no parts given");
    }

    private Tensor OneQuantile(Tensor sorted, double part, Axes axes, bool keepDims)
    {
        if (!(part >= 0 && part <= 1))
        {
            Throw.Argument($"quantile: part {part}; use 0 to 1");
        }

        double place = part * (sorted.Shape[-1] - 1);
        int below = (int)place;
        double share = place - below;
        Tensor quantile = sorted[TensorIndex.Ellipsis, below];
        if (share > 0)
        {
            // From the nearer neighbour, as NumPy has it. Two equal infinities have no difference.
            Tensor lower = quantile;
            Tensor upper = sorted[TensorIndex.Ellipsis, below + 1];
            Tensor between = share < 0.5 ? lower + ((upper - lower) * share) : upper - ((upper - lower) * (1 - share));
            quantile = Where(lower.EqualTo(upper) & !lower.IsFinite(), lower, between);
        }

        return OfQuantile("quantile", sorted, quantile, axes, keepDims);
    }

    /// <summary>The elements along axes as one last axis, in order.</summary>
    private Tensor InOrder(string name, Axes axes)
    {
        int[] folded = axes.Resolve(name, Shape);
        RequireElements(name, folded);
        int[] kept = [.. Enumerable.Range(0, Rank).Except(folded)];
        Tensor real = Wide(DType.IsFloatingPoint ? this : To(DType.Float64));
        return real.Permute([.. kept, .. folded]).Reshape(Shape.Of([.. kept.Select(axis => Shape[axis]), Shape.Length("quantile", folded.Aggregate(1L, (count, axis) => count * Shape[axis]))])).Sort();
    }

    /// <summary>NaN where there is one, which comes last, in the shape and type of the result.</summary>
    private Tensor OfQuantile(string name, Tensor sorted, Tensor quantile, Axes axes, bool keepDims)
    {
        Tensor greatest = sorted[TensorIndex.Ellipsis, ^1];
        Tensor result = Where(greatest.IsNaN(), greatest, quantile).To(DType.IsFloatingPoint ? DType : DType.Float64);
        return keepDims ? result.Reshape(Axes.Kept(Shape, axes.Resolve(name, Shape))) : result;
    }
}
