using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>The fields of a class of modules that may hold state, with the names they are saved under; looked up once for each class.</summary>
/// <param name="Name">The name.</param>
/// <param name="Field">The field, of the class or one it derives from.</param>
internal sealed record ModuleMember(string Name, FieldInfo Field)
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConditionalWeakTable<Type, ModuleMember[]> ofTypes = [];

    /// <summary>The members of a class, those of its base classes first, in the order of declaration.</summary>
    public static ModuleMember[] Of(Type type) => ofTypes.GetValue(type, Find);

    /// <summary>A name in the style of PyTorch.</summary>
    public static string Style(string name)
    {
        name = name.TrimStart('_');
        StringBuilder styled = new();
        for (int index = 0; index < name.Length; index++)
        {
            bool begins = index > 0 && char.IsUpper(name[index]) && name[index - 1] != '_'
                && (char.IsLower(name[index - 1]) || (index + 1 < name.Length && char.IsLower(name[index + 1])));
            styled.Append(begins ? "_" : "").Append(char.ToLowerInvariant(name[index]));
        }

        return styled.ToString();
    }

    private static ModuleMember[] Find(Type type)
    {
        List<Type> line = [];
        for (Type? ancestor = type; ancestor is not null && ancestor != typeof(Module); ancestor = ancestor.BaseType)
        {
            line.Insert(0, ancestor);
        }

        return
        [
            .. from ancestor in line
               from field in ancestor.GetFields(Declared).OrderBy(field => field.MetadataToken)
               where CanHold(field.FieldType)
               select new ModuleMember(NameOf(ancestor, field), field),
        ];
    }

    private static bool CanHold(Type type) =>
        type == typeof(Tensor)
        || typeof(Module).IsAssignableFrom(type)
        || type == typeof(object)
        || type.IsInterface
        || (typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string) && type.GetElementType() is not { IsPrimitive: true });

    private static string NameOf(Type type, FieldInfo field)
    {
        // The compiler's names: <Weight>k__BackingField of a property, <inner>P of a captured parameter.
        int end = field.Name.StartsWith('<') ? field.Name.IndexOf('>', StringComparison.Ordinal) : -1;
        string name = end > 1 ? field.Name[1..end] : field.Name;
        PropertyInfo? property = end > 1 ? type.GetProperty(name, Declared) : null;
        return (field.GetCustomAttribute<StateNameAttribute>() ?? property?.GetCustomAttribute<StateNameAttribute>())?.Name ?? Style(name);
    }
}
