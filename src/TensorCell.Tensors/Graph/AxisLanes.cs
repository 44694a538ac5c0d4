namespace TensorCell.Tensors.Graph;

/// <summary>A layout as lanes along one axis: those before it counted together, and those behind it.</summary>
internal sealed class AxisLanes
{
    private readonly PickedParts parts;

    /// <param name="layout">The layout; the axes behind the axis step evenly.</param>
    /// <param name="axis">The axis.</param>
    public AxisLanes(Layout layout, int axis)
    {
        parts = new PickedParts(layout.Without([axis]), axis, layout.Strides[axis]);
        Layout inner = parts.Inner.Merged();
        InnerCount = inner.Shape.Count;
        InnerStride = inner.Strides is [long step] ? step : 0;
    }

    /// <summary>How many lanes lie along the axes before it.</summary>
    public long OuterCount => parts.OuterCount;

    /// <summary>How many lanes lie along the axes behind it.</summary>
    public long InnerCount { get; }

    /// <summary>Elements from one of those to the next.</summary>
    public long InnerStride { get; }

    /// <summary>Elements from one to the next along the axis.</summary>
    public long Stride => parts.Stride;

    /// <summary>An operand whose axes behind an axis step evenly: itself, or a copy.</summary>
    public static Operand Mergeable(Operand operand, int axis)
    {
        Layout layout = operand.Layout;
        Layout inner = new(Shape.Adopt(layout.Shape.Lengths[(axis + 1)..].ToArray()), layout.Strides[(axis + 1)..], 0);
        if (inner.Merged().Shape.Rank <= 1)
        {
            return operand;
        }

        Value copy = new(Layout.Of(layout.Shape), operand.Value.DType, Elements.Contiguous(operand));
        return new Operand(copy, copy.Layout);
    }

    /// <summary>Where the first lane at an outer index begins.</summary>
    public long Offset(long outer) => parts.Offset(outer);
}
