using System.Reflection;
using System.Runtime.CompilerServices;

namespace TensorCell.Interactive.Formatting;

/// <summary>The public properties and fields that a value is made of.</summary>
internal static class Members
{
    private const int Most = 24;
    private static readonly ConditionalWeakTable<Type, MemberInfo[]> known = new();

    /// <summary>The names of a type's members, in the order of their declaration; a tuple's are its items.</summary>
    public static IReadOnlyList<string> Names(Type type) => [.. Of(type).Select(member => member.Name)];

    /// <summary>A member's value; when reading it fails, what went wrong.</summary>
    public static object? Read(object instance, string name)
    {
        var member = Of(instance.GetType()).FirstOrDefault(member => member.Name == name);
        try
        {
            return member switch
            {
                PropertyInfo property => property.GetValue(instance),
                FieldInfo field => field.GetValue(instance),
                _ => null,
            };
        }
        catch (TargetInvocationException exception)
        {
            return $"({exception.InnerException!.GetType().Name})";
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or MemberAccessException or TargetException)
        {
            return $"({exception.GetType().Name})";
        }
    }

    private static MemberInfo[] Of(Type type) => known.GetValue(type, static type =>
    {
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanRead && property.GetMethod!.IsPublic && property.GetIndexParameters().Length == 0)
            .Where(property => !property.PropertyType.IsByRefLike && !property.PropertyType.IsPointer && !property.PropertyType.IsByRef)
            .Where(property => property.Name != "EqualityContract");
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public)
            .Where(field => !field.FieldType.IsPointer);
        return [.. properties.Cast<MemberInfo>().Concat(fields).DistinctBy(member => member.Name).OrderBy(member => member.MetadataToken).Take(Most)];
    });
}
