using System.Collections;
using System.Reflection;
using System.Text;

namespace TensorCell.Interactive.Magics;

/// <summary>An option or argument of a magic, as its property declares it.</summary>
public sealed class MagicParameter
{
    private MagicParameter(PropertyInfo property, string name, string description, string valueName, bool isOption, bool isRequired)
    {
        Property = property;
        Name = name;
        Description = description;
        ValueName = valueName;
        IsOption = isOption;
        IsRequired = isRequired;
        var element = ListElement(property.PropertyType);
        IsList = element is not null;
        element ??= property.PropertyType;
        ElementType = Nullable.GetUnderlyingType(element) ?? element;
        IsFlag = isOption && ElementType == typeof(bool);
    }

    /// <summary>The property.</summary>
    public PropertyInfo Property { get; }

    /// <summary><c>--max-rows</c> for an option, <c>FILE</c> for an argument.</summary>
    public string Name { get; }

    /// <summary>The name that its value may stand behind, for an argument too: <c>--max-rows</c>.</summary>
    public string LongName => "--" + KebabCase(Property.Name);

    /// <summary>What it is for.</summary>
    public string Description { get; }

    /// <summary>What its value is called in the help.</summary>
    public string ValueName { get; }

    /// <summary>Whether it is an option; otherwise it is a positional argument.</summary>
    public bool IsOption { get; }

    /// <summary>Whether the magic cannot do without it.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether it may be given more than once.</summary>
    public bool IsList { get; }

    /// <summary>Whether it is an option without a value.</summary>
    public bool IsFlag { get; }

    /// <summary>The type of one value.</summary>
    public Type ElementType { get; }

    /// <summary>How it is written in a usage line: <c>[--runs R]</c>, <c>FILE</c>, <c>[NAME …]</c>.</summary>
    public string Usage
    {
        get
        {
            var text = new StringBuilder(Name);
            if (IsOption && !IsFlag)
            {
                text.Append(' ').Append(ValueName);
            }

            if (IsList)
            {
                text.Append(" …");
            }

            return IsRequired ? text.ToString() : $"[{text}]";
        }
    }

    internal static MagicParameter? Of(PropertyInfo property)
    {
        if (property.GetCustomAttribute<OptionAttribute>() is { } option)
        {
            var name = KebabCase(property.Name);
            var valueName = option.ValueName.Length > 0 ? option.ValueName : name.ToUpperInvariant();
            return new(property, "--" + name, option.Description, valueName, isOption: true, option.IsRequired);
        }

        return property.GetCustomAttribute<ArgumentAttribute>() is { } argument
            ? new(property, argument.Name, argument.Description, argument.Name, isOption: false, argument.IsRequired)
            : null;
    }

    internal void Set(Magic magic, IReadOnlyList<object> values)
    {
        if (!IsList)
        {
            Property.SetValue(magic, values[^1]);
            return;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(ElementType))!;
        foreach (var value in values)
        {
            list.Add(value);
        }

        Property.SetValue(magic, list);
    }

    private static Type? ListElement(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static string KebabCase(string name)
    {
        var text = new StringBuilder();
        foreach (var character in name)
        {
            if (char.IsUpper(character) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }
}
