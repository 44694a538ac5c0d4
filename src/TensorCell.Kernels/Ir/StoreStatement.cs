using System.Collections.Immutable;

namespace TensorCell.Kernels.Ir;

/// <summary>Writes an element; of a narrower storage the low bits, or the value rounded to it.</summary>
internal sealed class StoreStatement(MemoryOperand target, ImmutableArray<Node> indices, Node value) : Statement
{
    /// <summary>What is written to.</summary>
    public override MemoryOperand Target { get; } = target;

    /// <summary>Where: one i32 or i64 for each dimension, the last one varying fastest.</summary>
    public ImmutableArray<Node> Indices { get; } = indices;

    /// <summary>The value, in the storage's computed type.</summary>
    public Node Value { get; } = value;

    /// <inheritdoc/>
    public override IEnumerable<Node> Operands => [.. Indices, Value];
}
