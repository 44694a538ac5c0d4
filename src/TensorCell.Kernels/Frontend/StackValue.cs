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
internal sealed record ObjectValue(Type Type, string Path, Func<object?> Read) : StackValue;

/// <summary>A structure, kept in a variable that nothing else uses.</summary>
internal sealed record StructureValue(Location Location) : StackValue;

/// <summary>The address of a variable.</summary>
internal sealed record AddressValue(Location Location) : StackValue;
