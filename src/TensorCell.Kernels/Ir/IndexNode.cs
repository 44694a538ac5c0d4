using System.Collections.Immutable;

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

    /// <summary>Whether indices are the item's own along every axis of a space, the outermost first.</summary>
    public static bool AreOwn(ImmutableArray<Node> indices, int rank) => indices.Length == rank
        && indices.Index().All(pair => pair.Item is IndexNode { Kind: IndexKind.Global } index && index.Axis == rank - 1 - pair.Index);

    internal override long Tag => ((long)Kind << 8) | (uint)Axis;
}
