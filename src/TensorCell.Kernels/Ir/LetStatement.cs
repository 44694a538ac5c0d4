namespace TensorCell.Kernels.Ir;

/// <summary>Computes a value here and nowhere else: an integer division, which fails where control does not come.</summary>
internal sealed class LetStatement(VariableNode result, BinaryNode value) : Statement
{
    /// <summary>The value computed.</summary>
    public VariableNode Result { get; } = result;

    /// <summary>How: a Divide, Remainder, DivideUnsigned or RemainderUnsigned of integers, whose operands are pure.</summary>
    public BinaryNode Value { get; } = value;

    /// <inheritdoc/>
    public override IEnumerable<Node> Operands => [Value.Left, Value.Right];

    /// <inheritdoc/>
    public override IEnumerable<VariableNode> Definitions => [Result];
}
