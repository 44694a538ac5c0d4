namespace TensorCell.Kernels.Ir;

/// <summary>A uniform input: one value for a whole launch.</summary>
public sealed class UniformNode : Node
{
    internal UniformNode(int index, DType type)
        : base(type) => Index = index;

    /// <summary>Which of the uniform inputs.</summary>
    public int Index { get; }

    internal override long Tag => Index;
}
