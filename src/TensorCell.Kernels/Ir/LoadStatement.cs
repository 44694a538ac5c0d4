using System.Collections.Immutable;

namespace TensorCell.Kernels.Ir;

/// <summary>Reads an element.</summary>
internal sealed class LoadStatement(VariableNode result, MemoryOperand source, ImmutableArray<Node> indices) : Statement
{
    /// <summary>The element's value, in the storage's computed type.</summary>
    public VariableNode Result { get; } = result;

    /// <summary>What is read.</summary>
    public MemoryOperand Source { get; } = source;

    /// <summary>Where: one i32 or i64 for each dimension, the last one varying fastest.</summary>
    public ImmutableArray<Node> Indices { get; } = indices;

    /// <inheritdoc/>
    public override IEnumerable<Node> Operands => Indices;

    /// <inheritdoc/>
    public override IEnumerable<VariableNode> Definitions => [Result];
}
