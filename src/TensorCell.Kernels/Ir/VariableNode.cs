namespace TensorCell.Kernels.Ir;

/// <summary>A value that a statement defines: what was loaded, carried around a loop, or chosen by a branch. Assigned once.</summary>
/// <param name="type">Its type.</param>
/// <param name="name">The variable's name in the source, if it has one, for the textual form.</param>
internal sealed class VariableNode(DType type, string? name = null) : Node(type)
{
    private static long last;

    /// <summary>The variable's name in the source, if it has one.</summary>
    public string? Name { get; } = name;

    internal override long Tag { get; } = Interlocked.Increment(ref last);
}
