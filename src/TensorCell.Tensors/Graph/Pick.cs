namespace TensorCell.Tensors.Graph;

/// <summary>Which elements a tensor names along an axis, or along neighbours that it counts together.</summary>
/// <param name="First">The first of the axes.</param>
/// <param name="Lengths">Their lengths.</param>
/// <param name="Positions">Row-major positions along them, i64, within range, contiguous.</param>
/// <param name="Given">The tensor as it was given.</param>
internal sealed record Pick(int First, int[] Lengths, Tensor Positions, Tensor Given)
{
    /// <summary>How many axes there are.</summary>
    public int Count => Lengths.Length;

    /// <summary>The stride that all positions have in common, if the axes step evenly; else null.</summary>
    public long? Stride(long[] strides)
    {
        Layout axes = new(Shape.Adopt(Lengths), strides[First..(First + Count)], 0);
        return Count == 1 ? axes.Strides[0] : axes.Merged().Strides switch
        {
            [] => 0,
            [long stride] => stride,
            _ => null,
        };
    }

    /// <summary>Where the positions lie under strides, in elements: a pending tensor.</summary>
    public Tensor Offsets(long[] strides)
    {
        if (Stride(strides) is { } stride)
        {
            return Positions * stride;
        }

        Tensor? offsets = null;
        Tensor[] indices = Unravel(Positions, Lengths);
        for (int axis = 0; axis < Count; axis++)
        {
            Tensor along = indices[axis] * strides[First + axis];
            offsets = offsets is null ? along : offsets + along;
        }

        return offsets!;
    }

    /// <summary>The index along each axis of row-major positions in a shape, as <c>numpy.unravel_index</c>: pending tensors.</summary>
    public static Tensor[] Unravel(Tensor positions, ReadOnlySpan<int> lengths)
    {
        Tensor[] indices = new Tensor[lengths.Length];
        Tensor rest = positions;
        for (int axis = lengths.Length - 1; axis > 0; axis--)
        {
            long length = Math.Max(1, lengths[axis]);
            indices[axis] = rest % length;
            rest = rest.FloorDivide(length);
        }

        if (indices.Length > 0)
        {
            indices[0] = rest;
        }

        return indices;
    }
}
