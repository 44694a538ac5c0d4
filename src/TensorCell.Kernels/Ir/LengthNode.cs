namespace TensorCell.Kernels.Ir;

/// <summary>The extent of a view along one of its dimensions: an i32, the same for all items.</summary>
/// <param name="view">Which view.</param>
/// <param name="dimension">Which dimension, 0 being the outermost, as C#'s GetLength counts.</param>
internal sealed class LengthNode(ViewOperand view, int dimension) : Node(DType.Int32)
{
    /// <summary>Which view.</summary>
    public ViewOperand View { get; } = view;

    /// <summary>Which dimension, 0 being the outermost.</summary>
    public int Dimension { get; } = dimension;

    internal override long Tag => ((long)View.Index << 8) | (uint)Dimension;
}
