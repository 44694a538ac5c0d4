using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Parts, repetitions and other orders of elements, as views where they can be.
public sealed partial class Tensor
{
    /// <summary>Equal parts along an axis. Views.</summary>
    /// <param name="parts">How many; it divides the axis's length (for unequal parts use <see cref="Chunk"/>, or give their lengths).</param>
    /// <param name="axis">The axis.</param>
    public Tensor[] Split(int parts, int axis = 0)
    {
        axis = Shape.Axis("split", axis);
        if (parts <= 0 || Shape[axis] % parts != 0)
        {
            Throw.Argument($"split: axis {axis} of shape {Shape} does not divide into {parts} equal parts; use Chunk, or give the lengths of the parts");
        }

        int[] lengths = new int[parts];
        Array.Fill(lengths, Shape[axis] / parts);
        return Split(lengths, axis);
    }

    /// <summary>Parts of given lengths along an axis. Views.</summary>
    /// <param name="lengths">Their lengths, which add up to the axis's. (NumPy's <c>split</c> takes the indices between them instead.)</param>
    /// <param name="axis">The axis.</param>
    public Tensor[] Split(ReadOnlySpan<int> lengths, int axis = 0)
    {
        axis = Shape.Axis("split", axis);
        long sum = 0;
        bool isFitting = true;
        foreach (int length in lengths)
        {
            isFitting &= length >= 0;
            sum += length;
        }

        if (!isFitting || sum != Shape[axis])
        {
            Throw.Argument(
                $"split: parts of lengths [{string.Join(", ", lengths.ToArray())}] of axis {axis} of shape {Shape}; they need to add up to {Shape[axis]}");
        }

        Tensor[] parts = new Tensor[lengths.Length];
        int first = 0;
        for (int part = 0; part < parts.Length; part++)
        {
            parts[part] = Slice(axis, first..(first + lengths[part]));
            first += lengths[part];
        }

        return parts;
    }

    /// <summary>At most so many parts along an axis, of equal length but for the last, which may be shorter. Views. As in PyTorch.</summary>
    public Tensor[] Chunk(int count, int axis = 0)
    {
        axis = Shape.Axis("chunk", axis);
        if (count <= 0)
        {
            Throw.Argument($"chunk: {count} parts asked for");
        }

        int length = Shape[axis];
        int part = Math.Max(1, (int)(((long)length + count - 1) / count));
        return Split(
            length == 0 ? new int[count] : [.. Enumerable.Range(0, (length + part - 1) / part).Select(index => Math.Min(part, length - (index * part)))], axis);
    }

    /// <summary>The elements in reverse order along axes, or along all. A view.</summary>
    public Tensor Flip(Axes axes = default)
    {
        int[] flipped = axes.Resolve("flip", Shape);
        TensorIndex[] indices = new TensorIndex[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            indices[axis] = TensorIndex.Every(Array.IndexOf(flipped, axis) >= 0 ? -1 : 1);
        }

        return this[indices];
    }

    /// <summary>The elements turned by quarters of a circle in the plane of two axes, from the first towards the second. A view.</summary>
    /// <param name="turns">How many quarters; negative turns the other way.</param>
    /// <param name="first">The one axis.</param>
    /// <param name="second">The other.</param>
    public Tensor Rot90(int turns = 1, int first = 0, int second = 1)
    {
        int from = Shape.Axis("rot90", first);
        int to = Shape.Axis("rot90", second);
        if (from == to)
        {
            Throw.Argument($"rot90: both axes are {from}; name two");
        }

        return (turns & 3) switch
        {
            0 => Reshape(Shape),
            1 => Flip(to).Transpose(from, to),
            2 => Flip((from, to)),
            _ => Transpose(from, to).Flip(to),
        };
    }

    /// <summary>An axis put at another place, the others staying in order. A view. To exchange two axes, use <see cref="Transpose"/>.</summary>
    public Tensor MoveAxis(int source, int destination) => MoveAxis([source], [destination]);

    /// <summary>Several axes put at other places, the others staying in order. A view.</summary>
    /// <param name="sources">The axes.</param>
    /// <param name="destinations">Where each of them is in the result.</param>
    public Tensor MoveAxis(ReadOnlySpan<int> sources, ReadOnlySpan<int> destinations)
    {
        if (sources.Length != destinations.Length)
        {
            Throw.Argument($"moveAxis: {sources.Length} axes and {destinations.Length} places; give one for each");
        }

        int[] order = new int[Rank];
        Array.Fill(order, -1);
        HashSet<int> moved = [];
        for (int index = 0; index < sources.Length; index++)
        {
            int source = Shape.Axis("moveAxis", sources[index]);
            ref int place = ref order[Shape.Axis("moveAxis", destinations[index])];
            if (!moved.Add(source) || place >= 0)
            {
                Throw.Argument(
                    $"moveAxis: axes [{string.Join(", ", sources.ToArray())}] to [{string.Join(", ", destinations.ToArray())}]: name each once");
            }

            place = source;
        }

        Queue<int> others = new(Enumerable.Range(0, Rank).Where(axis => !moved.Contains(axis)));
        return Permute([.. order.Select(axis => axis < 0 ? others.Dequeue() : axis)]);
    }

    /// <summary>The whole tensor put side by side with itself: so many times along each axis. PyTorch's <c>repeat</c>.</summary>
    /// <param name="repeats">How often, aligned from the right; axes that are missing on either side count as 1.</param>
    public Tensor Tile(params ReadOnlySpan<int> repeats)
    {
        int rank = Math.Max(Rank, repeats.Length);
        List<int> apart = [];
        List<int> wide = [];
        List<int> joined = [];
        for (int axis = 0; axis < rank; axis++)
        {
            int length = axis < rank - Rank ? 1 : Shape[axis - (rank - Rank)];
            int times = axis < rank - repeats.Length ? 1 : repeats[axis - (rank - repeats.Length)];
            if (times < 0)
            {
                Throw.Argument($"tile: repeats [{string.Join(", ", repeats.ToArray())}]; they cannot be negative");
            }

            apart.AddRange([1, length]);
            wide.AddRange([times, length]);
            joined.Add(Shape.Length("tile", (long)times * length));
        }

        return Apart(Reshape(Shape.Of([.. apart])).BroadcastTo(Shape.Of([.. wide])).Reshape(Shape.Of([.. joined])));
    }

    /// <summary>Each element so many times in a row, along an axis or, without one, as a vector. PyTorch's <c>repeat_interleave</c>.</summary>
    public Tensor Repeat(int count, int? axis = null)
    {
        if (count < 0)
        {
            Throw.Argument($"repeat: {count} times");
        }

        if (axis is null)
        {
            return Flatten().Repeat(count, 0);
        }

        int repeated = Shape.Axis("repeat", axis.Value);
        int[] lengths = Shape.ToArray();
        lengths[repeated] = Shape.Length("repeat", (long)lengths[repeated] * count);
        int[] wide = [.. Shape.Take(repeated + 1), count, .. Shape.Skip(repeated + 1)];
        return Apart(Unsqueeze(repeated + 1).BroadcastTo(Shape.Of(wide)).Reshape(Shape.Of(lengths)));
    }

    /// <summary>Each part along an axis so many times in a row as its count says; without an axis, each element.</summary>
    /// <param name="counts">An integer vector: a count for each; or one for all.</param>
    /// <param name="axis">The axis.</param>
    public Tensor Repeat(Tensor counts, int? axis = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (axis is null)
        {
            return Flatten().Repeat(counts, 0);
        }

        int repeated = Shape.Axis("repeat", axis.Value);
        int length = Shape[repeated];
        if (counts.DType is DType.Bool || counts.DType.IsFloatingPoint || counts.Rank > 1 || (counts.Count != 1 && counts.Count != length))
        {
            Throw.Argument(
                $"repeat: counts of shape {counts.Shape} and type {counts.DType.Name} for axis {repeated} of shape {Shape}; they need to be {length} integers, or one");
        }

        long[] times = counts.To(DType.Int64).ToArray<long>();
        if (times.Any(count => count < 0))
        {
            Throw.Argument($"repeat: a count is {times.Min()}; none can be negative");
        }

        double total = times.Length == 1 ? (double)length * times[0] : times.Sum(count => (double)count);
        Shape.Length("repeat", (long)Math.Min(total, long.MaxValue / 2));
        int[] indices = [.. Enumerable.Range(0, length).SelectMany(index => Enumerable.Repeat(index, (int)times[times.Length == 1 ? 0 : index]))];
        return Take(indices, repeated);
    }

    /// <summary>
    /// Windows that slide along an axis: their number takes the axis's place, their elements a new last axis. A view. NumPy's
    /// <c>sliding_window_view</c>, and PyTorch's <c>unfold</c>.
    /// </summary>
    /// <param name="length">The length of a window.</param>
    /// <param name="step">From one window to the next.</param>
    /// <param name="axis">The axis.</param>
    public Tensor SlidingWindow(int length, int step = 1, int axis = -1)
    {
        axis = Shape.Axis("slidingWindow", axis);
        if (length < 1 || step < 1 || length > Shape[axis])
        {
            Throw.Argument(
                $"slidingWindow: windows of {length} by steps of {step} along axis {axis} of shape {Shape}; use 1 to {Shape[axis]}, and a positive step");
        }

        int[] lengths = [.. Shape, length];
        lengths[axis] = ((Shape[axis] - length) / step) + 1;
        long[] strides = [.. Strides, Strides[axis]];
        strides[axis] *= step;
        Tensor result = new(this, new Layout(Shape.Of(lengths), strides, Layout.Offset));
        return Tape.Keeps(this) ? RearrangingRules.Windows(result, this, axis, step) : result;
    }

    /// <summary>Several tensors repeated to the shape that they broadcast to together. Views.</summary>
    public static Tensor[] Broadcast(params ReadOnlySpan<Tensor> tensors)
    {
        Shape shape = default;
        foreach (Tensor tensor in tensors)
        {
            ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
            shape = Shape.Broadcast("broadcast", shape, tensor.Shape);
        }

        Tensor[] wide = new Tensor[tensors.Length];
        for (int index = 0; index < wide.Length; index++)
        {
            wide[index] = tensors[index].BroadcastTo(shape);
        }

        return wide;
    }

    /// <summary>The coordinates of a grid: for each vector, a tensor in which it runs along an axis of its own. Views.</summary>
    /// <param name="vectors">The coordinates along each axis; numbers count as vectors of one.</param>
    /// <param name="isCartesian">
    /// Whether the first vector runs along the second axis and the second along the first, as x and y in NumPy, where that is the default
    /// (<c>indexing='xy'</c>); else each along its own (<c>'ij'</c>), as in PyTorch.
    /// </param>
    public static Tensor[] Meshgrid(ReadOnlySpan<Tensor> vectors, bool isCartesian = true)
    {
        Tensor[] grids = new Tensor[vectors.Length];
        int[] lengths = new int[vectors.Length];
        for (int index = 0; index < grids.Length; index++)
        {
            ArgumentNullException.ThrowIfNull(vectors[index], nameof(vectors));
            if (vectors[index].Rank > 1)
            {
                Throw.Argument($"meshgrid: tensor {index + 1} of {grids.Length} has shape {vectors[index].Shape}; all need to be vectors");
            }

            int axis = isCartesian && index < 2 && grids.Length > 1 ? 1 - index : index;
            int[] own = new int[grids.Length];
            Array.Fill(own, 1);
            own[axis] = lengths[axis] = (int)vectors[index].Count;
            grids[index] = vectors[index].Reshape(Shape.Of(own));
        }

        Shape shape = Shape.Of(lengths);
        return [.. grids.Select(grid => grid.BroadcastTo(shape))];
    }
}
