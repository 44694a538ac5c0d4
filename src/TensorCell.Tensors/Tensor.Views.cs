using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Other shapes and other orders of the same elements.
public sealed partial class Tensor
{
    /// <summary>The transpose: all axes in reverse order. A view.</summary>
    public Tensor T => Permute([.. Enumerable.Range(0, Rank).Reverse()]);

    /// <summary>The same elements in row-major order under another shape: a view, or a copy where strides do not allow one.</summary>
    /// <param name="shape">Lengths; one of them may be -1 and is worked out.</param>
    /// <exception cref="ArgumentException">The number of elements differs.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> shape)
    {
        int[] lengths = shape.ToArray();
        int unknown = Array.IndexOf(lengths, -1);
        if (unknown >= 0)
        {
            long known = 1;
            for (int axis = 0; axis < lengths.Length; axis++)
            {
                known *= axis == unknown ? 1 : lengths[axis];
            }

            if (known <= 0 || Count % known != 0)
            {
                Throw.Argument(
                    $"reshape: {Shape} to [{string.Join(", ", lengths)}]: {Count} elements do not divide by the {known} of the given lengths");
            }

            lengths[unknown] = Shape.Length("reshape", Count / known);
        }

        return Reshape(Shape.Of(lengths));
    }

    /// <summary>The same elements in row-major order under another shape: a view, or a copy where strides do not allow one.</summary>
    public Tensor Reshape(Shape shape)
    {
        if (shape.Count != Count)
        {
            Throw.Argument($"reshape: {Shape} to {shape}: {Count} elements do not make {shape.Count}");
        }

        if (shape == Shape)
        {
            // Another tensor, which can be asked for a gradient without this one.
            return Tape.Keeps(this) ? this : new Tensor(this, Layout);
        }

        Tensor result = Layout.Reshape(shape) is { } layout
            ? new Tensor(this, layout)
            : Pending(new CopyOperation(As(Shape)), shape, DType);
        return Tape.Keeps(this) ? ViewRules.Reshape(result, this) : result;
    }

    /// <summary>All elements as a vector: a view, or a copy where strides do not allow one.</summary>
    public Tensor Flatten() => Reshape(Shape.Of(Shape.Length("flatten", Count)));

    /// <summary>This tensor itself if its elements lie in row-major order without gaps, else a copy that does. <see cref="Clone"/> always copies.</summary>
    public Tensor Contiguous() => IsContiguous ? this : Copy();

    /// <summary>A copy with storage of its own.</summary>
    public Tensor Clone() => Copy().Realize();

    /// <summary>Two axes exchanged, by default the last two. A view.</summary>
    public Tensor Transpose(int first = -2, int second = -1)
    {
        if (Rank < 2 && first == -2 && second == -1)
        {
            return Reshape(Shape);
        }

        int[] axes = [.. Enumerable.Range(0, Rank)];
        int from = Shape.Axis("transpose", first);
        int to = Shape.Axis("transpose", second);
        (axes[from], axes[to]) = (axes[to], axes[from]);
        return Permute(axes);
    }

    /// <summary>The axes in another order. A view.</summary>
    /// <param name="axes">For each axis of the result, which axis of this tensor it is.</param>
    public Tensor Permute(params ReadOnlySpan<int> axes)
    {
        int[] order = new int[axes.Length];
        bool[] seen = new bool[Rank];
        for (int axis = 0; axis < order.Length; axis++)
        {
            order[axis] = Shape.Axis("permute", axes[axis]);
            if (seen[order[axis]])
            {
                Throw.Argument($"permute: axis {axes[axis]} is named twice in [{string.Join(", ", axes.ToArray())}]");
            }

            seen[order[axis]] = true;
        }

        if (order.Length != Rank)
        {
            Throw.Argument($"permute: {order.Length} axes named for shape {Shape}, which has {Rank}; name each once");
        }

        Tensor result = new(this, Layout.Permute(order));
        return Tape.Keeps(this) ? ViewRules.Permute(result, this, order) : result;
    }

    /// <summary>Without its axes of length 1, or without those named. A view.</summary>
    public Tensor Squeeze(params ReadOnlySpan<int> axes)
    {
        bool[] drop = new bool[Rank];
        foreach (int named in axes)
        {
            int axis = Shape.Axis("squeeze", named);
            if (Shape[axis] != 1)
            {
                Throw.Argument($"squeeze: axis {named} of shape {Shape} has {Shape[axis]} elements; only an axis of length 1 can go");
            }

            drop[axis] = true;
        }

        List<int> lengths = [];
        List<long> strides = [];
        for (int axis = 0; axis < Rank; axis++)
        {
            if (!(axes.IsEmpty ? Shape[axis] == 1 : drop[axis]))
            {
                lengths.Add(Shape[axis]);
                strides.Add(Strides[axis]);
            }
        }

        Tensor result = new(this, new Layout(Shape.Adopt([.. lengths]), [.. strides], Layout.Offset));
        return Tape.Keeps(this) ? ViewRules.Reshape(result, this) : result;
    }

    /// <summary>With an axis of length 1 put in at a place; negative ones count from behind the last. A view.</summary>
    public Tensor Unsqueeze(int axis)
    {
        if (axis < -Rank - 1 || axis > Rank)
        {
            Throw.Argument($"unsqueeze: axis {axis} for shape {Shape}; use {-Rank - 1} to {Rank}");
        }

        axis = axis < 0 ? axis + Rank + 1 : axis;
        List<int> lengths = [.. Shape];
        List<long> strides = [.. Strides];
        strides.Insert(axis, axis < Rank ? strides[axis] * lengths[axis] : 1);
        lengths.Insert(axis, 1);
        Tensor result = new(this, new Layout(Shape.Adopt([.. lengths]), [.. strides], Layout.Offset));
        return Tape.Keeps(this) ? ViewRules.Reshape(result, this) : result;
    }

    /// <summary>Repeated to a larger shape without a copy: axes of length 1, and new leading axes, repeat. A view.</summary>
    public Tensor BroadcastTo(Shape shape)
    {
        if (shape.Rank < Rank || Shape.Broadcast("broadcastTo", Shape, shape) != shape)
        {
            Throw.Argument($"broadcastTo: {Shape} does not broadcast to {shape}; only axes of length 1 repeat, aligned from the right");
        }

        Tensor result = new(this, Layout.BroadcastTo(shape));
        return Tape.Keeps(this) ? ViewRules.Broadcast(result, this) : result;
    }

    /// <summary>The part along one axis. A view.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="range">Its elements.</param>
    /// <param name="step">Takes every so-many-th; negative runs backwards from the range's end.</param>
    public Tensor Slice(int axis, Range range, int step = 1)
    {
        TensorIndex[] indices = new TensorIndex[Shape.Axis("slice", axis) + 1];
        Array.Fill(indices, Range.All);
        indices[^1] = TensorIndex.Every(step, range);
        return this[indices];
    }

    private Tensor Copy()
    {
        Tensor result = Pending(new CopyOperation(As(Shape)), Shape, DType);
        return Tape.Keeps(this) ? ViewRules.Copy(result, this) : result;
    }
}
