using System.Reflection;

namespace TensorCell.Interactive.Magics;

/// <summary>What a class derived from <see cref="Magic"/> declares about itself.</summary>
public sealed class MagicDeclaration
{
    private readonly Func<Magic> create;

    private MagicDeclaration(Type type, MagicAttribute attribute, Func<Magic> create)
    {
        this.create = create;
        Name = attribute.Name;
        Description = attribute.Description;
        Aliases = attribute.Aliases;
        IsBody = typeof(BodyMagic).IsAssignableFrom(type);
        Extent = attribute.Extent;
        Language = attribute.Language;
        Remark = attribute.Remark;
        Examples = attribute.Examples;
        IsSelector = typeof(LanguageMagic).IsAssignableFrom(type);
        Parameters = [.. type.GetProperties().OrderBy(property => property.MetadataToken).Select(MagicParameter.Of).OfType<MagicParameter>()];
    }

    /// <summary>Its name, without <c>#!</c>.</summary>
    public string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    public string Description { get; }

    /// <summary>Other names it answers to.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>Whether it owns what stands below it.</summary>
    public bool IsBody { get; }

    /// <summary>Whether it says in which language the text below it is.</summary>
    public bool IsSelector { get; }

    /// <summary>How much of the cell below it belongs to it.</summary>
    public BodyExtent Extent { get; }

    /// <summary>The language of its body.</summary>
    public string Language { get; }

    /// <summary>What else its help says, in one sentence; empty for nothing.</summary>
    public string Remark { get; }

    /// <summary>Examples of its use.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Its arguments and options, in the order of declaration.</summary>
    public IReadOnlyList<MagicParameter> Parameters { get; }

    /// <summary>Its options.</summary>
    public IEnumerable<MagicParameter> Options => Parameters.Where(parameter => parameter.IsOption);

    /// <summary>Its positional arguments.</summary>
    public IEnumerable<MagicParameter> Arguments => Parameters.Where(parameter => !parameter.IsOption);

    /// <summary>How it is called, on one line.</summary>
    public string Usage => string.Join(' ', Parameters.Select(parameter => parameter.Usage).Prepend("#!" + Name));

    /// <summary>The declaration of a magic made by its parameterless constructor.</summary>
    public static MagicDeclaration Of<T>()
        where T : Magic, new() => Of(typeof(T), () => new T());

    internal static MagicDeclaration Of(Type type, Func<Magic> create)
    {
        var attribute = type.GetCustomAttribute<MagicAttribute>();
        if (attribute is null)
        {
            Throw.UndeclaredMagic(type);
        }

        return new(type, attribute, create);
    }

    internal Magic Create() => create();

    /// <summary>Values to offer for an argument or option.</summary>
    internal IEnumerable<string> Suggest(MagicParameter parameter, MagicRegistry registry, INotebook? notebook)
    {
        var magic = create();
        magic.Registry = registry;
        return MagicValue.Words(parameter.ElementType).Concat(magic.Suggest(parameter.Property.Name, notebook)).Distinct();
    }
}
