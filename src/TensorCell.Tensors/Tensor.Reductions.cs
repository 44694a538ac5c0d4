using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;
using TensorCell.Tensors.Moments;

namespace TensorCell.Tensors;

// Folding axes. Without axes everything is folded; negative axes count from the last; a bool or integer sum is an i64, as in NumPy.
public sealed partial class Tensor
{
    /// <summary>The sum of all elements.</summary>
    public Tensor Sum() => Sum([]);

    /// <summary>The sum along axes; 0 for no elements.</summary>
    public Tensor Sum(Axes axes, bool keepDims = false) =>
        Reduce("sum", ReduceOperation.Sum, DType.IsFloatingPoint ? DType : DType.Int64, axes, keepDims);

    /// <summary>The mean of all elements.</summary>
    public Tensor Mean() => Mean([]);

    /// <summary>The arithmetic mean along axes; of integers an f64; NaN for no elements.</summary>
    public Tensor Mean(Axes axes, bool keepDims = false) =>
        Reduce("mean", ReduceOperation.Mean, DType.IsFloatingPoint ? DType : DType.Float64, axes, keepDims);

    /// <summary>The greatest of all elements.</summary>
    public Tensor Max() => Max([]);

    /// <summary>The greatest element along axes; NaN if there is a NaN.</summary>
    /// <exception cref="ArgumentException">There are no elements to choose from.</exception>
    public Tensor Max(Axes axes, bool keepDims = false) => Extreme("max", ReduceOperation.Max, axes, keepDims);

    /// <summary>The least of all elements.</summary>
    public Tensor Min() => Min([]);

    /// <summary>The least element along axes; NaN if there is a NaN.</summary>
    /// <exception cref="ArgumentException">There are no elements to choose from.</exception>
    public Tensor Min(Axes axes, bool keepDims = false) => Extreme("min", ReduceOperation.Min, axes, keepDims);

    /// <summary>The row-major index of the first greatest of all elements; an i64.</summary>
    public Tensor ArgMax() => Index("argmax", ReduceOperation.ArgMax, [], false);

    /// <summary>The index along an axis of the first greatest element, or of the first NaN; an i64.</summary>
    /// <exception cref="ArgumentException">There are no elements to choose from.</exception>
    public Tensor ArgMax(int axis, bool keepDims = false) => Index("argmax", ReduceOperation.ArgMax, axis, keepDims);

    /// <summary>The row-major index of the first least of all elements; an i64.</summary>
    public Tensor ArgMin() => Index("argmin", ReduceOperation.ArgMin, [], false);

    /// <summary>The index along an axis of the first least element, or of the first NaN; an i64.</summary>
    /// <exception cref="ArgumentException">There are no elements to choose from.</exception>
    public Tensor ArgMin(int axis, bool keepDims = false) => Index("argmin", ReduceOperation.ArgMin, axis, keepDims);

    /// <summary>The product of all elements.</summary>
    public Tensor Prod() => Prod([]);

    /// <summary>The product along axes; 1 for no elements.</summary>
    public Tensor Prod(Axes axes, bool keepDims = false)
    {
        DType type = DType.IsFloatingPoint ? DType : DType.Int64;
        int[] folded = axes.Resolve("prod", Shape);
        int[] kept = [.. Enumerable.Range(0, Rank).Except(folded)];
        DType wide = Accumulated(type);
        Tensor ordered = Detach().To(wide).Permute([.. kept, .. folded]).Contiguous();
        Shape result = Shape.Adopt([.. kept.Select(axis => Shape[axis])]);
        long length = folded.Aggregate(1L, (count, axis) => count * Shape[axis]);
        Tensor product = Pending(new ProductOperation(ordered.As(ordered.Shape), length), result, wide).To(type);
        product = keepDims ? product.Reshape(Axes.Kept(Shape, folded)) : product;
        return Tape.Keeps(this) ? ReductionRules.Prod(product, this, folded, keepDims) : product;
    }

    /// <summary>The variance of all elements.</summary>
    public Tensor Var() => Var([]);

    /// <summary>The variance along axes: of differences from the mean, so that it is precise where the mean is far greater.</summary>
    /// <param name="axes">Which axes.</param>
    /// <param name="keepDims">Whether they stay with length 1.</param>
    /// <param name="correction">Subtracted from the number of elements before dividing: 0 as NumPy, 1 for a sample's estimate.</param>
    public Tensor Var(Axes axes, bool keepDims = false, double correction = 0)
    {
        Tensor real = DType.IsFloatingPoint ? Computable(this) : To(DType.Float64);
        int[] folded = axes.Resolve("var", Shape);
        double count = folded.Aggregate(1.0, (product, axis) => product * Shape[axis]);
        if (!Tape.Keeps(real) && MomentsOperation.TryOf(real, folded) is { } moments)
        {
            Tensor found = correction == 0 ? moments.Variance : moments.Variance * (count / Math.Max(0, count - correction));
            return (keepDims ? found : found.Squeeze(folded)).To(DType);
        }

        Tensor deviation = (real - real.Mean(axes, keepDims: true)).Square();
        Tensor variance = correction == 0
            ? deviation.Mean(axes, keepDims)
            : deviation.Sum(axes, keepDims) / Math.Max(0, count - correction);
        return DType.IsFloatingPoint ? variance.To(DType) : variance;
    }

    /// <summary>The standard deviation of all elements.</summary>
    public Tensor Std() => Std([]);

    /// <summary>The standard deviation along axes; see <see cref="Var(Axes, bool, double)"/>.</summary>
    public Tensor Std(Axes axes, bool keepDims = false, double correction = 0) => Var(axes, keepDims, correction).Sqrt();

    /// <summary>Whether any element along the axes (of all, by default) is not zero; a bool tensor.</summary>
    public Tensor Any(Axes axes = default, bool keepDims = false) =>
        Reduce("any", ReduceOperation.Sum, DType.Int64, axes, keepDims, To(DType.Bool)) > 0;

    /// <summary>Whether every element along the axes (of all, by default) is not zero; a bool tensor.</summary>
    public Tensor All(Axes axes = default, bool keepDims = false) =>
        Reduce("all", ReduceOperation.Sum, DType.Int64, axes, keepDims, To(DType.Bool).EqualTo(false)).EqualTo(0);

    /// <summary>eˣ over its sum along an axis, from the greatest element so that nothing overflows.</summary>
    public Tensor Softmax(int axis = -1)
    {
        if (!DType.IsFloatingPoint)
        {
            return To(DType.Float64).Softmax(axis);
        }

        axis = Shape.Axis("softmax", axis);
        if (Tape.Keeps(this))
        {
            return ActivationRules.Softmax(this, axis);
        }

        Tensor real = Computable(this);
        Tensor exponentials = (real - real.Max(axis, keepDims: true)).Exp();
        return (exponentials / exponentials.Sum(axis, keepDims: true)).To(DType);
    }

    /// <summary>The logarithm of <see cref="Softmax"/>, without underflow.</summary>
    public Tensor LogSoftmax(int axis = -1)
    {
        if (!DType.IsFloatingPoint)
        {
            return To(DType.Float64).LogSoftmax(axis);
        }

        axis = Shape.Axis("logsoftmax", axis);
        if (Tape.Keeps(this))
        {
            return ActivationRules.LogSoftmax(this, axis);
        }

        Tensor real = Computable(this);
        Tensor shifted = real - real.Max(axis, keepDims: true);
        return (shifted - shifted.Exp().Sum(axis, keepDims: true).Log()).To(DType);
    }

    /// <summary>ln of the sum of eˣ along an axis, without overflow.</summary>
    public Tensor LogSumExp(int axis = -1, bool keepDims = false)
    {
        if (!DType.IsFloatingPoint)
        {
            return To(DType.Float64).LogSumExp(axis, keepDims);
        }

        axis = Shape.Axis("logsumexp", axis);
        if (Tape.Keeps(this))
        {
            return ActivationRules.LogSumExp(this, axis, keepDims);
        }

        Tensor real = Computable(this);
        Tensor greatest = real.Max(axis, keepDims: true);
        Tensor finite = Where(greatest.IsFinite(), greatest, 0);
        Tensor sum = ((real - finite).Exp().Sum(axis, keepDims: true).Log() + finite).To(DType);
        return keepDims ? sum : sum.Squeeze(axis);
    }

    private Tensor Extreme(string name, ReduceOperation fold, Axes axes, bool keepDims)
    {
        int[] resolved = axes.Resolve(name, Shape);
        RequireElements(name, resolved);
        return DType == DType.Bool
            ? Reduce(name, fold, DType.Int32, axes, keepDims).To(DType.Bool)
            : Reduce(name, fold, DType, axes, keepDims);
    }

    private Tensor Index(string name, ReduceOperation fold, Axes axes, bool keepDims)
    {
        RequireElements(name, axes.Resolve(name, Shape));
        return Reduce(name, fold, DType == DType.Bool ? DType.Int32 : DType, axes, keepDims);
    }

    private void RequireElements(string name, int[] axes)
    {
        foreach (int axis in axes)
        {
            if (Shape[axis] == 0)
            {
                Throw.Argument($"{name}: axis {axis} of shape {Shape} has no elements to choose from");
            }
        }
    }

    private Tensor Reduce(string name, ReduceOperation fold, DType type, Axes axes, bool keepDims, Tensor? instead = null)
    {
        Tensor source = instead ?? this;
        int[] folded = axes.Resolve(name, Shape);
        if (folded.Length == 0 && fold is not (ReduceOperation.ArgMax or ReduceOperation.ArgMin))
        {
            return ReferenceEquals(source, this) ? Apart(To(type)) : source.To(type);
        }

        List<int> kept = [];
        for (int axis = 0; axis < Rank; axis++)
        {
            if (Array.IndexOf(folded, axis) < 0)
            {
                kept.Add(Shape[axis]);
            }
        }

        bool isIndex = fold is ReduceOperation.ArgMax or ReduceOperation.ArgMin;
        Tensor reduced = Pending(
            new ReductionOperation(name, fold, type.Computed, folded, source.As(Shape)), Shape.Adopt([.. kept]), isIndex ? DType.Int64 : type.Computed);
        reduced = isIndex ? reduced : reduced.To(type);
        reduced = keepDims ? reduced.Reshape(Axes.Kept(Shape, folded)) : reduced;
        return Tape.Keeps(source) ? ReductionRules.Reduce(reduced, name, fold, source, folded, keepDims) : reduced;
    }
}
