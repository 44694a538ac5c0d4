namespace TensorCell.Interactive.Magics;

/// <summary>
/// Declares a property as a positional argument of a magic, in the order of declaration. A list, which must come last, takes
/// all the arguments that are left.
/// </summary>
/// <param name="name">What the help calls it, in capitals.</param>
/// <param name="description">What it is for, in one phrase without a full stop.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArgumentAttribute(string name, string description) : Attribute
{
    /// <summary>What the help calls it, in capitals.</summary>
    public string Name { get; } = name;

    /// <summary>What it is for, in one phrase without a full stop.</summary>
    public string Description { get; } = description;

    /// <summary>Whether the magic cannot do without it.</summary>
    public bool IsRequired { get; init; }
}
