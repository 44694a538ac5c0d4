using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Graph;

/// <summary>How the parts of a value lie that positions pick: [outer…, inner…] for each position, which is counted in <see cref="Stride"/>.</summary>
internal sealed class PickedParts
{
    private readonly Layout outer;

    /// <param name="layout">The axes that are not picked from.</param>
    /// <param name="place">How many of them are outer ones; where the positions' axes stand among them in what is picked.</param>
    /// <param name="stride">Elements from one position to the next.</param>
    public PickedParts(Layout layout, int place, long stride)
    {
        ReadOnlySpan<int> shape = layout.Shape.Lengths;
        outer = new Layout(Shape.Adopt(shape[..place].ToArray()), layout.Strides[..place], layout.Offset).Merged();
        Inner = new Layout(Shape.Adopt(shape[place..].ToArray()), layout.Strides[place..], 0);
        OuterCount = outer.Shape.Count;
        Stride = stride;
    }

    /// <summary>Elements from one position to the next.</summary>
    public long Stride { get; }

    /// <summary>How many outer indices there are.</summary>
    public long OuterCount { get; }

    /// <summary>How many axes they take.</summary>
    public int OuterRank => outer.Strides.Length;

    /// <summary>How a part lies at one outer index and position.</summary>
    public Layout Inner { get; }

    /// <summary>Where the part at position 0 of an outer index begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long Offset(long index)
    {
        long offset = outer.Offset;
        for (int axis = outer.Strides.Length - 1; axis >= 0; axis--)
        {
            int length = outer.Shape.Lengths[axis];
            offset += index % length * outer.Strides[axis];
            index /= length;
        }

        return offset;
    }
}
