using TensorCell.Kernels;

namespace TensorCell.Tensors;

// Numbers in equal ratios, tensors like others, axes joined.
public sealed partial class Tensor
{
    /// <summary>One number in the shape and type of another tensor.</summary>
    public static Tensor FullLike(Tensor tensor, double number)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Full(tensor.Shape, number, tensor.DType);
    }

    /// <summary>Powers of a base whose exponents are evenly spaced, both ends included.</summary>
    /// <param name="start">The first exponent.</param>
    /// <param name="stop">The last exponent.</param>
    /// <param name="count">How many.</param>
    /// <param name="radix">The base.</param>
    /// <param name="dtype">Their type.</param>
    public static Tensor Logspace(double start, double stop, int count, double radix = 10, DType dtype = DType.Float32)
    {
        RequireCount("logspace", count);
        double step = count > 1 ? (stop - start) / (count - 1) : 0;
        return Series(count, index => Math.Pow(radix, index == count - 1 && count > 1 ? stop : start + (index * step)), dtype);
    }

    /// <summary>Numbers from <paramref name="start"/> to <paramref name="stop"/>, both included, each the same multiple of the one before.</summary>
    /// <exception cref="ArgumentException">One of the two is 0, or they have different signs.</exception>
    public static Tensor Geomspace(double start, double stop, int count, DType dtype = DType.Float32)
    {
        RequireCount("geomspace", count);
        if (!((start > 0 && stop > 0) || (start < 0 && stop < 0)))
        {
            Throw.Argument($"geomspace: {start} to {stop}; both need to be positive, or both negative");
        }

        double ratio = Math.Log(stop / start) / Math.Max(count - 1, 1);
        return Series(count, index => index == 0 ? start : index == count - 1 ? stop : start * Math.Exp(index * ratio), dtype);
    }

    /// <summary>Neighbouring axes joined to one, as in PyTorch: <c>x.Flatten(1)</c> keeps the batch. A view where possible. Of a scalar, a vector of one.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="last">The last of them.</param>
    public Tensor Flatten(int first, int last = -1)
    {
        if (Rank == 0 && first is 0 or -1 && last is 0 or -1)
        {
            return Reshape(1);
        }

        int begin = Shape.Axis("flatten", first);
        int end = Shape.Axis("flatten", last);
        if (begin > end)
        {
            Throw.Argument($"flatten: axes {first} to {last} of shape {Shape}: the first needs to come before the last");
        }

        long length = Shape.Skip(begin).Take(end - begin + 1).Aggregate(1L, (product, axis) => product * axis);
        return Reshape(Shape.Of([.. Shape.Take(begin), Shape.Length("flatten", length), .. Shape.Skip(end + 1)]));
    }

    /// <summary>Whether each element is among those of another tensor; NaN never is. A bool tensor of this shape. NumPy's <c>isin</c>.</summary>
    /// <param name="elements">Of any shape.</param>
    public Tensor IsIn(Tensor elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        if (elements.Count == 0)
        {
            return Full(Shape, false);
        }

        DType type = Promote("isin", this, elements);
        Tensor wanted = Detach().To(type);
        Tensor sorted = elements.Detach().To(type).Flatten().Sort();
        return sorted.Take(Minimum(sorted.SearchSorted(wanted), sorted.Count - 1)).EqualTo(wanted);
    }

    /// <summary>The indices of elements that are not zero, a row for each: an i64 [how many, rank]. Computed at once. PyTorch's <c>nonzero</c>; see <see cref="NonZero"/>.</summary>
    public Tensor ArgWhere() => Rank == 0
        ? Zeros((Only("argwhere").AsDouble != 0 ? 1 : 0, 0), DType.Int64)
        : Stack(1, NonZero());

    private static void RequireCount(string operation, int count)
    {
        if (count < 0)
        {
            Throw.Argument($"{operation}: {count} elements asked for");
        }
    }
}
