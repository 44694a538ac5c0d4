using System.Collections.Immutable;

namespace TensorCell.Kernels.Ir;

/// <summary>Changes an element of i32, u32, i64, u64, f32 or f64 in one step that no other item can come between.</summary>
internal sealed class AtomicStatement(
    VariableNode? old, AtomicOperation operation, MemoryOperand target, ImmutableArray<Node> indices, Node value, Node? comparand = null) : Statement
{
    /// <summary>The element's value before; null where nobody asks.</summary>
    public VariableNode? Old { get; } = old;

    /// <summary>How the element and the value combine.</summary>
    public AtomicOperation Operation { get; } = operation;

    /// <summary>What is changed.</summary>
    public override MemoryOperand Target { get; } = target;

    /// <summary>Where: one i32 or i64 for each dimension.</summary>
    public ImmutableArray<Node> Indices { get; } = indices;

    /// <summary>The value to combine with.</summary>
    public Node Value { get; } = value;

    /// <summary>What a <see cref="AtomicOperation.CompareExchange"/> compares with.</summary>
    public Node? Comparand { get; } = comparand;

    /// <inheritdoc/>
    public override IEnumerable<Node> Operands => Comparand is null ? [.. Indices, Value] : [.. Indices, Value, Comparand];

    /// <inheritdoc/>
    public override IEnumerable<VariableNode> Definitions => Old is null ? [] : [Old];
}
