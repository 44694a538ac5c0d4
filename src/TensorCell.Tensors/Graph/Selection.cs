using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Tensors.Graph;

/// <summary>What the entries of <c>tensor[…]</c> select: a view by numbers, ranges and new axes, of which tensors pick elements.</summary>
internal sealed class Selection
{
    private readonly Tensor tensor;
    private readonly List<int> lengths = [];
    private readonly List<long> strides = [];
    private readonly List<SlicePart> parts = [];
    private readonly List<Pick> picks = [];
    private long offset;
    private int axis;

    private Selection(Tensor tensor)
    {
        this.tensor = tensor;
        offset = tensor.Layout.Offset;
    }

    /// <summary>The view; the axes that tensors pick from are whole.</summary>
    public Layout View { get; private set; } = Layout.Scalar;

    /// <summary>What the view takes of each axis.</summary>
    public SlicePart[] Parts => [.. parts];

    /// <summary>What tensors pick of the view, by axis.</summary>
    public IReadOnlyList<Pick> Picks => picks;

    /// <summary>How many axes of the result stand before those of the picks.</summary>
    public int Place { get; private set; }

    /// <summary>The axes of the view that are picked from.</summary>
    public int[] PickedAxes => [.. picks.SelectMany(pick => Enumerable.Range(pick.First, pick.Count))];

    /// <summary>The shape of what is picked.</summary>
    public Shape PickedShape
    {
        get
        {
            ReadOnlySpan<int> kept = View.Without(PickedAxes).Shape.Lengths;
            return Shape.Of([.. kept[..Place], .. Together(), .. kept[Place..]]);
        }
    }

    /// <summary>Reads the entries, and the tensors among them.</summary>
    /// <param name="tensor">What they index.</param>
    /// <param name="entries">The entries.</param>
    public static Selection Of(Tensor tensor, ReadOnlySpan<TensorIndex> entries)
    {
        Selection selection = new(tensor);
        int consumed = Check(tensor.Shape, entries);
        bool hasTensors = false;
        foreach (ref readonly TensorIndex entry in entries)
        {
            hasTensors |= entry.Tensor is not null;
        }

        bool isBegun = false;
        bool isInterrupted = false;
        bool isSplit = false;
        foreach (ref readonly TensorIndex entry in entries)
        {
            bool isPicking = entry.Tensor is not null || (hasTensors && entry.IsIndex);
            if (isPicking && !isBegun)
            {
                selection.Place = selection.lengths.Count;
            }

            // Entries that pick come first unless they stand side by side.
            isSplit |= isPicking && isInterrupted;
            isBegun |= isPicking;
            isInterrupted |= isBegun && !isPicking;
            selection.Add(entry, tensor.Rank - consumed);
        }

        while (selection.axis < tensor.Rank)
        {
            selection.Keep();
        }

        selection.Place = isSplit ? 0 : selection.Place;
        selection.View = new Layout(Shape.Adopt([.. selection.lengths]), [.. selection.strides], selection.offset);
        return selection;
    }

    /// <summary>The positions of all picks together in a tensor that lies like the view, and how many elements one position is.</summary>
    /// <param name="layout">A layout of the view's shape.</param>
    public (Tensor Positions, long Stride) Positions(Layout layout)
    {
        if (picks is [var only])
        {
            return only.Stride(layout.Strides) is { } stride ? (only.Positions, stride) : (only.Offsets(layout.Strides), 1);
        }

        Tensor offsets = picks[0].Offsets(layout.Strides);
        foreach (Pick pick in picks.Skip(1))
        {
            offsets += pick.Offsets(layout.Strides);
        }

        return (offsets, 1);
    }

    private static int Check(Shape shape, ReadOnlySpan<TensorIndex> entries)
    {
        int consumed = 0;
        int ellipses = 0;
        foreach (ref readonly TensorIndex entry in entries)
        {
            consumed += entry.Consumed;
            ellipses += entry.IsEllipsis ? 1 : 0;
        }

        if (consumed > shape.Rank || ellipses > 1)
        {
            Throw.Argument(ellipses > 1
                ? "index: more than one ellipsis"
                : $"index: {consumed} indices for shape {shape}, which has {shape.Rank} axes");
        }

        return consumed;
    }

    private Shape Together()
    {
        Shape shape = picks[0].Positions.Shape;
        foreach (Pick pick in picks.Skip(1))
        {
            shape = Shape.Broadcast("index", shape, pick.Positions.Shape);
        }

        return shape;
    }

    private void Add(TensorIndex entry, int left)
    {
        if (entry.Tensor is { } picked)
        {
            Add(picked);
        }
        else if (entry.IsNewAxis)
        {
            lengths.Add(1);
            strides.Add(0);
        }
        else if (entry.IsEllipsis)
        {
            for (int kept = 0; kept < left; kept++)
            {
                Keep();
            }
        }
        else if (entry.IsIndex)
        {
            int place = entry.Resolve(axis, tensor.Shape);
            parts.Add(new SlicePart(place, 1, 1, IsDropped: true));
            offset += place * tensor.Strides[axis];
            axis++;
        }
        else
        {
            (int first, int count) = entry.ResolveRange(axis, tensor.Shape);
            parts.Add(new SlicePart(first, count, entry.Step, IsDropped: false));
            offset += count == 0 ? 0 : first * tensor.Strides[axis];
            lengths.Add(count);
            strides.Add(tensor.Strides[axis] * entry.Step);
            axis++;
        }
    }

    private void Add(Tensor picked)
    {
        int first = lengths.Count;
        if (picked.DType != DType.Bool)
        {
            Tensor positions = Tensor.Positions("index", picked, axis, tensor.Shape, Tape.Keeps(tensor));
            picks.Add(new Pick(first, [tensor.Shape[axis]], positions, picked));
            Keep();
            return;
        }

        Tensor places = picked.NonZeroPositions();
        if (picked.Rank == 0)
        {
            lengths.Add(1);
            strides.Add(0);
            picks.Add(new Pick(first, [1], places, picked));
            return;
        }

        for (int masked = 0; masked < picked.Rank; masked++)
        {
            if (picked.Shape[masked] != tensor.Shape[axis + masked])
            {
                Throw.Argument(
                    $"index: a bool tensor of shape {picked.Shape} for axes {axis} to {axis + picked.Rank - 1} of shape {tensor.Shape}: axis {axis + masked} has {tensor.Shape[axis + masked]} elements, not {picked.Shape[masked]}");
            }
        }

        picks.Add(new Pick(first, picked.Shape.ToArray(), places, places));
        for (int masked = 0; masked < picked.Rank; masked++)
        {
            Keep();
        }
    }

    private void Keep()
    {
        parts.Add(new SlicePart(0, tensor.Shape[axis], 1, IsDropped: false));
        lengths.Add(tensor.Shape[axis]);
        strides.Add(tensor.Strides[axis]);
        axis++;
    }
}
