using TensorCell.Kernels;

namespace TensorCell.Tensors;

// Sampled functions: interpolated, differentiated, integrated, convolved; and geometry.
public sealed partial class Tensor
{
    /// <summary>
    /// The value at each element of the function that runs straight from each of some points to the next, and stays at the first and last value
    /// outside. An f64. NumPy's <c>interp</c>.
    /// </summary>
    /// <param name="points">Where the function is known: a vector in ascending order.</param>
    /// <param name="values">Its values there, as many.</param>
    /// <exception cref="ArgumentException">No points, no vectors, or not as many values.</exception>
    public Tensor Interpolate(Tensor points, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(values);
        if (points.Rank != 1 || values.Rank != 1 || points.Count != values.Count || points.Count == 0)
        {
            Throw.Argument($"interpolate: points {points.Shape} with values {values.Shape}; needs two vectors of one length, of at least one point");
        }

        Tensor x = To(DType.Float64);
        Tensor at = points.To(DType.Float64);
        Tensor known = values.To(DType.Float64);
        if (points.Count == 1)
        {
            return Where(x.IsNaN(), x, known[0]);
        }

        Tensor below = (at.SearchSorted(x, right: true) - 1).Clamp(0, points.Count - 2);
        Tensor left = at.Take(below);
        Tensor first = known.Take(below);
        Tensor between = first + ((known.Take(below + 1) - first) / (at.Take(below + 1) - left) * (x - left));
        return Where(x <= at[0], known[0], Where(x >= at[^1], known[^1], between));
    }

    /// <summary>The integral along an axis of a function known at evenly spaced points, by the trapezoidal rule. Of integers an f64.</summary>
    /// <param name="spacing">From one point to the next.</param>
    /// <param name="axis">The axis.</param>
    public Tensor Trapezoid(double spacing = 1, int axis = -1)
    {
        (Tensor later, Tensor earlier) = Neighbours("trapezoid", axis);
        return ((later + earlier) * (spacing / 2)).Sum(axis);
    }

    /// <summary>The integral along an axis of a function known at given points, by the trapezoidal rule. Of integers an f64.</summary>
    /// <param name="points">The points, in order: a vector as long as the axis, or a tensor that broadcasts.</param>
    /// <param name="axis">The axis.</param>
    public Tensor Trapezoid(Tensor points, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(points);
        axis = Shape.Axis("trapezoid", axis);
        if (points.Rank == 1 && points.Count == Shape[axis])
        {
            points = points.Reshape(Shape.Of([Shape[axis], .. Enumerable.Repeat(1, Rank - 1 - axis)]));
        }

        (Tensor later, Tensor earlier) = Neighbours("trapezoid", axis);
        Tensor widths = points.To(RealOf(points.DType)).BroadcastTo(Shape).Diff(axis: axis);
        return (widths * (later + earlier) * 0.5).Sum(axis);
    }

    /// <summary>
    /// The slope along an axis at each element of evenly spaced ones: half the difference of its two neighbours, and at both ends the difference to the
    /// only one. Of integers an f64. NumPy's <c>gradient</c>; for the gradients of automatic differentiation see <see cref="Backward()"/>.
    /// </summary>
    /// <param name="spacing">From one element to the next.</param>
    /// <param name="axis">The axis.</param>
    /// <exception cref="ArgumentException">The axis has fewer than two elements.</exception>
    public Tensor CentralDifference(double spacing = 1, int axis = -1)
    {
        axis = Shape.Axis("centraldifference", axis);
        if (Shape[axis] < 2)
        {
            Throw.Argument($"centraldifference: axis {axis} of shape {Shape} has {Shape[axis]} elements; needs two at least");
        }

        Tensor real = To(RealOf(DType));
        Tensor inner = (real.Slice(axis, 2..) - real.Slice(axis, ..^2)) / (2 * spacing);
        Tensor ends = real.Diff(axis: axis) / spacing;
        return Concat(axis, ends.Slice(axis, ..1), inner, ends.Slice(axis, ^1..));
    }

    /// <summary>
    /// The sums of products of a vector with another one that runs backwards past it, in their common type: a moving average with equal weights, a
    /// product of polynomials. For layers of networks, which take many channels and do not turn the weights round, see <see cref="Conv1D"/>.
    /// </summary>
    /// <param name="other">The other vector.</param>
    /// <param name="mode">Which of the sums.</param>
    /// <exception cref="ArgumentException">One is no vector, or empty.</exception>
    public Tensor Convolve(Tensor other, ConvolutionMode mode = ConvolutionMode.Full)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Rank != 1 || other.Rank != 1 || Count == 0 || other.Count == 0)
        {
            Throw.Argument($"convolve: {Shape} with {other.Shape}; needs two vectors that are not empty");
        }

        if (other.Count > Count)
        {
            return other.Convolve(this, mode);
        }

        int length = Shape[0];
        int width = other.Shape[0];
        (int before, int after) = mode switch
        {
            ConvolutionMode.Full => (width - 1, width - 1),
            ConvolutionMode.Same => (width - 1 - ((width - 1) / 2), (width - 1) / 2),
            _ => (0, 0),
        };
        Shape.Length("convolve", (long)length + before + after);
        Tensor padded = before + after == 0 ? this : Pad([(before, after)]);
        Tensor products = padded.SlidingWindow(width) * other.Flip();
        return products.DType == DType.Bool ? products.Any(-1) : products.Sum(-1).To(products.DType);
    }

    /// <summary>The vector product of each two vectors of three elements along an axis.</summary>
    /// <param name="other">Broadcasts, when the axis is moved to the end of both.</param>
    /// <param name="axis">The axis, of length 3 in both.</param>
    public Tensor Cross(Tensor other, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(other);
        Tensor left = MoveAxis(Shape.Axis("cross", axis), -1);
        Tensor right = other.MoveAxis(other.Shape.Axis("cross", axis), -1);
        if (left.Shape[-1] != 3 || right.Shape[-1] != 3)
        {
            Throw.Argument($"cross: {Shape} with {other.Shape} along axis {axis}; both need 3 elements there");
        }

        Tensor[] parts = new Tensor[3];
        for (int part = 0; part < 3; part++)
        {
            int next = (part + 1) % 3;
            int last = (part + 2) % 3;
            parts[part] = (left[TensorIndex.Ellipsis, next] * right[TensorIndex.Ellipsis, last])
                - (left[TensorIndex.Ellipsis, last] * right[TensorIndex.Ellipsis, next]);
        }

        return Stack(-1, parts).MoveAxis(-1, axis);
    }

    /// <summary>The distance of each row of one matrix from each row of another: [… , m, d] and [… , n, d] give [… , m, n]. Of integers an f64.</summary>
    /// <param name="other">The other rows.</param>
    /// <param name="order">Of the <see cref="Norm"/> of the difference: 2 is the Euclidean distance, 1 the sum of magnitudes, infinity the greatest.</param>
    public Tensor Distances(Tensor other, double order = 2)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Rank < 2 || other.Rank < 2 || Shape[-1] != other.Shape[-1])
        {
            Throw.Argument($"distances: rows of {Shape} from rows of {other.Shape}; needs matrices with as many columns");
        }

        Tensor left = To(RealOf(DType)).Unsqueeze(-2);
        Tensor right = other.To(RealOf(other.DType)).Unsqueeze(-3);
        return (left - right).Norm(order, -1);
    }

    /// <summary>Real elements along an axis but the first, and but the last.</summary>
    private (Tensor Later, Tensor Earlier) Neighbours(string operation, int axis)
    {
        axis = Shape.Axis(operation, axis);
        Tensor real = To(RealOf(DType));
        return Shape[axis] == 0 ? (real, real) : (real.Slice(axis, 1..), real.Slice(axis, ..^1));
    }
}
