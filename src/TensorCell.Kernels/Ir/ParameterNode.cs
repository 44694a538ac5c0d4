namespace TensorCell.Kernels.Ir;

/// <summary>A varying input: another value for every element.</summary>
public sealed class ParameterNode : Node
{
    internal ParameterNode(int index, DType type)
        : base(type) => Index = index;

    /// <summary>Which of the varying inputs.</summary>
    public int Index { get; }

    internal override long Tag => Index;
}
