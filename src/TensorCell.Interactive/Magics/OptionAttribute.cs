namespace TensorCell.Interactive.Magics;

/// <summary>
/// Declares a property as an option of a magic: <c>MaxRows</c> is given as <c>--max-rows 5</c> or <c>--max-rows=5</c>. A <c>bool</c> is a
/// flag without a value; a list may be given repeatedly. Text, numbers (invariant culture), enums and durations
/// (<c>200ms</c>, <c>1.5s</c>, <c>2min</c>) are understood. What the property holds at first is the default.
/// </summary>
/// <param name="description">What it is for, in one phrase without a full stop.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string description) : Attribute
{
    /// <summary>What it is for, in one phrase without a full stop.</summary>
    public string Description { get; } = description;

    /// <summary>What the value is called in the help; the property's name when empty.</summary>
    public string ValueName { get; init; } = "";

    /// <summary>Whether the magic cannot do without it.</summary>
    public bool IsRequired { get; init; }
}
