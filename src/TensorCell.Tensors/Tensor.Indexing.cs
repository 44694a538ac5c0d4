using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Parts of a tensor, read and written.
public sealed partial class Tensor
{
    /// <summary>
    /// A part of the tensor, as a view: <c>x[2]</c>, <c>x[^1]</c>, <c>x[1..^1, ..]</c>, <c>x[TensorIndex.Every(2)]</c>; axes not mentioned are
    /// kept. By tensors, a copy of the elements they name, as in NumPy: integer tensors broadcast together, and their axes take the place of those
    /// they index if they stand side by side (numbers count among them), else they come first; a bool tensor takes as many axes as it has, and stands
    /// for the indices where it holds. Set, it writes in place; the values broadcast to the part and take its type, and of several for
    /// one element the last stays.
    /// </summary>
    /// <exception cref="ArgumentException">The entries do not fit the shape, or the values the part.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        get
        {
            if (Rank > 0 && indices is [{ Tensor: { DType: DType.Bool } mask }] && mask.Shape == Shape)
            {
                return SelectedBy(mask);
            }

            Selection selection = Selection.Of(this, indices);
            Tensor view = new(this, selection.View);
            view = Tape.Keeps(this) ? ViewRules.Slice(view, this, selection.Parts) : view;
            return selection.Picks.Count == 0 ? view : view.Picked(selection);
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            RequireUntracked("index");
            RequireUntrackedSource("index", value);
            if (value.Rank == 0 && indices is [{ Tensor: { DType: DType.Bool } mask }] && mask.Shape == Shape)
            {
                CopyFrom(Where(mask, value.To(DType), this));
                return;
            }

            Selection selection = Selection.Of(this, indices);
            Tensor view = new(this, selection.View);
            if (selection.Picks.Count == 0)
            {
                view.CopyFrom(value);
            }
            else
            {
                view.Put("index", selection, Fold.Replace, value);
            }
        }
    }

    /// <summary>
    /// Adds to the elements that indices name, in place, as <c>numpy.add.at</c>: an element named several times gets all that is added there, where
    /// <c>x[indices] += values</c> adds once. For a gradient, see <see cref="IndexAdd"/> and <see cref="ScatterAdd"/>.
    /// </summary>
    /// <param name="values">What is added; broadcast to the part, and converted to this type.</param>
    /// <param name="indices">Which elements, as in <c>x[indices]</c>.</param>
    /// <returns>This tensor.</returns>
    public Tensor AddAt(Tensor values, params ReadOnlySpan<TensorIndex> indices)
    {
        ArgumentNullException.ThrowIfNull(values);
        RequireUntracked("addAt");
        RequireUntrackedSource("addAt", values);
        Selection selection = Selection.Of(this, indices);
        Tensor view = new(this, selection.View);
        if (selection.Picks.Count == 0)
        {
            view.CopyFrom(view + values.To(DType));
        }
        else if (DType is DType.Float16 or DType.BFloat16)
        {
            CopyFrom(To(DType.Float32).Clone().AddAt(values, indices));
        }
        else
        {
            view.Put("addAt", selection, Fold.Sum, values);
        }

        return this;
    }

    /// <summary>The elements of this view that tensors pick.</summary>
    private Tensor Picked(Selection selection)
    {
        RequireCpu("index");
        Shape shape = selection.PickedShape;
        if (selection.Picks is [{ Count: 1 } only] && only.First == selection.Place)
        {
            return TakeAt(only.Positions, only.First, shape, new TakePart(only.First, only.Given));
        }

        (Tensor positions, long stride) = selection.Positions(Layout);
        Tensor result = Pending(
            new TakeOperation(selection.Place, stride, new Operand(Value, Layout.Without(selection.PickedAxes)), positions.As(positions.Shape)),
            shape,
            DType);
        return Tape.Keeps(this) ? PickingRules.Pick(result, this, selection) : result;
    }

    /// <summary>Writes values to the elements of this view that tensors pick.</summary>
    private void Put(string operation, Selection selection, Fold fold, Tensor values)
    {
        Shape shape = selection.PickedShape;
        if (values.Rank > shape.Rank || Shape.Broadcast(operation, values.Shape, shape) != shape)
        {
            Throw.Argument($"{operation}: values of shape {values.Shape} do not broadcast to the part of shape {shape} that the indices name");
        }

        if (Layout.IsOverlapping)
        {
            Throw.Argument($"{operation}: a view that repeats its elements cannot be written to; Clone() it first");
        }

        RequireCpu(operation);
        (Tensor positions, long stride) = selection.Positions(Layout);
        positions.Realize();
        values = values.To(DType).To(Device).Realize();
        Operand source = ReferenceEquals(values.Value, Value) ? values.Clone().As(shape) : values.As(shape);
        Realize();
        using StorageAccess access = StorageAccess.Write();
        BeginWrite();
        new Placement(selection.Place, fold, source, positions.As(positions.Shape)).Run(
            Storage, Layout.Without(selection.PickedAxes), stride);
    }
}
