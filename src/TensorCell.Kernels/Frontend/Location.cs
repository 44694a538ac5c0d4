using System.Reflection;

namespace TensorCell.Kernels.Frontend;

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
