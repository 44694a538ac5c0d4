namespace TensorCell.Kernels.Ir;

/// <summary>A comparison of two values of one type.</summary>
public sealed class CompareNode : Node
{
    private CompareNode(Comparison comparison, Node left, Node right)
        : base(DType.Bool, left, right) => Comparison = comparison;

    /// <summary>What is asked.</summary>
    public Comparison Comparison { get; }

    /// <summary>The first operand.</summary>
    public Node Left => Operand(0);

    /// <summary>The second operand.</summary>
    public Node Right => Operand(1);

    internal override long Tag => (long)Comparison;

    internal override Node With(ReadOnlySpan<Node> operands) => Create(Comparison, operands[0], operands[1]);

    internal static CompareNode Create(Comparison comparison, Node left, Node right) =>
        left.Type == right.Type
            ? new(comparison, left, right)
            : throw Throw.TypesDiffer(comparison.ToString(), left.Type, right.Type);
}
