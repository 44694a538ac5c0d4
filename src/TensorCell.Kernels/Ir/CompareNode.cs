namespace TensorCell.Kernels.Ir;

/// <summary>A comparison of two values of one type.</summary>
public sealed class CompareNode : Node
{
    private CompareNode(Comparison comparison, Node left, Node right)
        : base(DType.Bool)
    {
        Comparison = comparison;
        Left = left;
        Right = right;
    }

    /// <summary>What is asked.</summary>
    public Comparison Comparison { get; }

    /// <summary>The first operand.</summary>
    public Node Left { get; }

    /// <summary>The second operand.</summary>
    public Node Right { get; }

    internal override int OperandCount => 2;

    internal override long Tag => (long)Comparison;

    internal override Node Operand(int index) => index == 0 ? Left : Right;

    internal override Node With(ReadOnlySpan<Node> operands) => Create(Comparison, operands[0], operands[1]);

    internal static CompareNode Create(Comparison comparison, Node left, Node right) =>
        left.Type == right.Type
            ? new(comparison, left, right)
            : throw Throw.TypesDiffer(comparison.ToString(), left.Type, right.Type);
}
