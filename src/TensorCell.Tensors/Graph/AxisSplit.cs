namespace TensorCell.Tensors.Graph;

/// <summary>A row-major shape as an operation along one axis sees it: element (o, i, j) is at <c>(o * Length + i) * Inner + j</c>.</summary>
/// <param name="Outer">The product of the lengths before the axis.</param>
/// <param name="Length">The axis's length.</param>
/// <param name="Inner">The product of the lengths behind it.</param>
internal readonly record struct AxisSplit(long Outer, int Length, long Inner)
{
    /// <summary>The number of lines along the axis.</summary>
    public long Lines => Outer * Inner;

    /// <summary>The number of elements.</summary>
    public long Count => Outer * Length * Inner;

    /// <summary>Splits a shape at an axis.</summary>
    public static AxisSplit Of(Shape shape, int axis)
    {
        long outer = 1;
        long inner = 1;
        for (int index = 0; index < shape.Rank; index++)
        {
            outer *= index < axis ? shape[index] : 1;
            inner *= index > axis ? shape[index] : 1;
        }

        return new AxisSplit(outer, shape[axis], inner);
    }
}
