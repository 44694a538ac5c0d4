using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>What a method's IL has on its stack or in a variable while it is read.</summary>
internal abstract record StackValue;

/// <summary>A number or Boolean.</summary>
internal sealed record NodeValue(Node Node) : StackValue;

/// <summary>An object outside the kernel, or a structure in one: its fields can be read, at each launch.</summary>
/// <param name="Type">Its static type.</param>
/// <param name="Path">How it is reached, which tells it from others.</param>
/// <param name="Read">The object now.</param>
internal sealed record ObjectValue(Type Type, string Path, Func<object?> Read) : StackValue
{
    public bool Equals(ObjectValue? other) => other is not null && other.Path == Path && other.Type == Type;

    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A structure, kept in a variable that nothing else uses.</summary>
internal sealed record StructureValue(Location Location) : StackValue;

/// <summary>The address of a variable.</summary>
internal sealed record AddressValue(Location Location) : StackValue;

/// <summary>A view, an array or shared memory.</summary>
internal sealed record MemoryValue(MemoryOperand Memory) : StackValue;

/// <summary>The address of an element of memory.</summary>
internal sealed record ElementValue(MemoryOperand Memory, EquatableNodes Indices) : StackValue;

/// <summary>A view, object or reference that a turn of a loop assigns: what it is at the start of a turn is not known.</summary>
internal sealed record ChangingValue : StackValue;

/// <summary>The group that an item belongs to.</summary>
internal sealed record GroupValue : StackValue;

/// <summary>Nodes that are equal if they are the same.</summary>
internal readonly struct EquatableNodes(Node[] nodes) : IEquatable<EquatableNodes>
{
    public Node[] Nodes { get; } = nodes;

    public bool Equals(EquatableNodes other) => Nodes.AsSpan().SequenceEqual(other.Nodes);

    public override bool Equals(object? obj) => obj is EquatableNodes other && Equals(other);

    public override int GetHashCode() => Nodes.Length;
}
