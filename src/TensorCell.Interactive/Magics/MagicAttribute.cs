namespace TensorCell.Interactive.Magics;

/// <summary>Declares a class derived from <see cref="LineMagic"/> or <see cref="BodyMagic"/> as a magic command.</summary>
/// <param name="name">Its name, without <c>#!</c>.</param>
/// <param name="description">What it does, in one sentence without a full stop.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MagicAttribute(string name, string description) : Attribute
{
    /// <summary>Its name, without <c>#!</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What it does, in one sentence without a full stop.</summary>
    public string Description { get; } = description;

    /// <summary>Other names it answers to.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>What follows the magic in the cell and belongs to it; for body magics.</summary>
    public BodyExtent Extent { get; init; } = BodyExtent.Section;

    /// <summary>The language of the body, as <c>csharp</c>, <c>python</c> or <c>markdown</c>; for body magics.</summary>
    public string Language { get; init; } = "csharp";

    /// <summary>What else its help says, in one sentence without a full stop; empty for nothing.</summary>
    public string Remark { get; init; } = "";

    /// <summary>Lines to show under the help as examples of use.</summary>
    public string[] Examples { get; init; } = [];
}
