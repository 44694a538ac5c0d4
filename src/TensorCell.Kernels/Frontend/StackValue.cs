using System.Reflection;
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

/// <summary>A variable: an argument or local of one call, or a field of one that is a structure.</summary>
internal sealed class Location(Type type)
{
    private readonly Dictionary<FieldInfo, Location> fields = [];

    /// <summary>The variable's type.</summary>
    public Type Type { get; } = type;

    /// <summary>The variables within, as far as they were asked for.</summary>
    public IEnumerable<KeyValuePair<FieldInfo, Location>> Fields => fields;

    /// <summary>The variable that is a field of this one.</summary>
    public Location Field(FieldInfo field)
    {
        if (!fields.TryGetValue(field, out var location))
        {
            fields.Add(field, location = new(field.FieldType));
        }

        return location;
    }
}
