using System.Reflection;

namespace TensorCell.Kernels.Frontend;

/// <summary>A variable: an argument or local of one call, or a field of one that is a structure.</summary>
internal sealed class Location(Type type, Location? owner = null, string? name = null)
{
    private readonly Dictionary<FieldInfo, Location> fields = [];

    /// <summary>The variable's type.</summary>
    public Type Type { get; } = type;

    /// <summary>The structure that it is a field of.</summary>
    public Location? Owner { get; } = owner;

    /// <summary>Its name in the source, where known.</summary>
    public string? Name { get; } = name;

    /// <summary>The variable that it is, or is part of.</summary>
    public Location Root => Owner?.Root ?? this;

    /// <summary>The variables within, as far as they were asked for.</summary>
    public IEnumerable<KeyValuePair<FieldInfo, Location>> Fields => fields;

    /// <summary>The variable that is a field of this one.</summary>
    public Location Field(FieldInfo field)
    {
        if (!fields.TryGetValue(field, out var location))
        {
            fields.Add(field, location = new(field.FieldType, this, Name is null ? null : $"{Name}.{KernelReader.SourceName(field)}"));
        }

        return location;
    }
}
