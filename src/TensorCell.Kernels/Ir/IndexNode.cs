namespace TensorCell.Kernels.Ir;

/// <summary>An index or extent of the space a grid program runs over: an i32.</summary>
/// <param name="kind">Which number.</param>
/// <param name="axis">Along which axis: 0 is the innermost (X), 1 is Y, 2 is Z.</param>
internal sealed class IndexNode(IndexKind kind, int axis) : Node(DType.Int32)
{
    /// <summary>Which number.</summary>
    public IndexKind Kind { get; } = kind;

    /// <summary>Along which axis: 0 is the innermost (X), 1 is Y, 2 is Z.</summary>
    public int Axis { get; } = axis;

    internal override long Tag => ((long)Kind << 8) | (uint)Axis;
}
