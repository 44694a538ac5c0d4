using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;
using TensorCell.Tensors.Ordering;

namespace TensorCell.Tensors;

// Sorting along an axis. NaN counts as the greatest, as in NumPy and PyTorch, so it comes last in ascending order; equal elements keep their order.
public sealed partial class Tensor
{
    // Whole lines up to this length are sorted faster than a few of their elements are chosen.
    private const int NetworkLength = 1024;

    /// <summary>The elements of each line along an axis in order.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="descending">Whether the greatest comes first, NaN before it.</param>
    public Tensor Sort(int axis = -1, bool descending = false)
    {
        axis = Shape.Axis("sort", axis);
        return Tape.Keeps(this)
            ? SortWithIndices(axis, descending).Values
            : AlongLast(axis, last => Sorted("sort", last, descending, SortResult.Values, null));
    }

    /// <summary>The indices that put each line along an axis in order; an i64. Of equal elements the first comes first.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="descending">Whether that of the greatest comes first, NaN before it.</param>
    public Tensor ArgSort(int axis = -1, bool descending = false) =>
        AlongLast(Shape.Axis("argsort", axis), last => Sorted("argsort", last, descending, SortResult.Indices, null));

    /// <summary>The elements of each line along an axis in order, and where they were.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="descending">Whether the greatest comes first, NaN before it.</param>
    /// <returns>The elements, and their indices along the axis, an i64.</returns>
    public (Tensor Values, Tensor Indices) SortWithIndices(int axis = -1, bool descending = false)
    {
        axis = Shape.Axis("sort", axis);
        ResultPair pair = new();
        Tensor values = AlongLast(axis, last => Sorted("sort", last, descending, SortResult.Values, pair));
        Tensor indices = AlongLast(axis, last => Sorted("sort", last, descending, SortResult.Indices, pair));
        return (
            Tape.Keeps(this) ? AlongAxisRules.Pick(values, "sort", this, indices, axis, new OrderPart(axis, descending, Shape[axis])) : values,
            indices);
    }

    /// <summary>
    /// The greatest few elements of each line along an axis, or the least few. NaN counts as the greatest; of equal elements the first are taken.
    /// </summary>
    /// <param name="count">How many of each line.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="largest">Whether the greatest; else the least.</param>
    /// <param name="sorted">Whether they are in order, the most extreme first; else they stay in the order of their places.</param>
    /// <returns>The elements, and their indices along the axis, an i64.</returns>
    /// <exception cref="ArgumentException">A line has fewer elements.</exception>
    public (Tensor Values, Tensor Indices) TopK(int count, int axis = -1, bool largest = true, bool sorted = true)
    {
        axis = Shape.Axis("topk", axis);
        if (count < 0 || count > Shape[axis])
        {
            Throw.Argument($"topk: {count} of the {Shape[axis]} elements along axis {axis} of shape {Shape}; use 0 to {Shape[axis]}");
        }

        if (sorted && (Shape[axis] <= NetworkLength || count >= Shape[axis] / 4))
        {
            (Tensor all, Tensor places) = SortWithIndices(axis, largest);
            return (all.Slice(axis, ..count).Contiguous(), places.Slice(axis, ..count).Contiguous());
        }

        ResultPair pair = new();
        Tensor values = AlongLast(axis, last => Top(last, SortResult.Values));
        Tensor indices = AlongLast(axis, last => Top(last, SortResult.Indices));
        return (
            Tape.Keeps(this) ? AlongAxisRules.Pick(values, "topk", this, indices, axis, new OrderPart(axis, largest, count)) : values,
            indices);

        Tensor Top(Tensor last, SortResult gives)
        {
            Shape shape = Shape.Of([.. last.Shape.Take(last.Rank - 1), count]);
            return Pending(
                new TopOperation(count, largest, sorted, gives, pair, last.As(last.Shape)), shape, gives == SortResult.Values ? last.DType : DType.Int64);
        }
    }

    private static Tensor Sorted(string name, Tensor last, bool descending, SortResult gives, ResultPair? pair) => Pending(
        new SortOperation(name, descending, gives, pair, last.As(last.Shape)),
        last.Shape,
        gives == SortResult.Values ? last.DType : DType.Int64);

    /// <summary>A function of contiguous lines along the last axis, applied along another, without a tape.</summary>
    private Tensor AlongLast(int axis, Func<Tensor, Tensor> function)
    {
        using TapeScope untracked = NoGrad();
        return axis == Rank - 1
            ? function(Contiguous())
            : function(Transpose(axis, -1).Contiguous()).Transpose(axis, -1).Contiguous();
    }
}
