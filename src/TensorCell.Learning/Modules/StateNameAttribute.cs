namespace TensorCell.Learning;

/// <summary>The name under which a member of a <see cref="Module"/> is saved, instead of its own in lower case.</summary>
/// <param name="name">The name, such as <c>c_attn</c>; if empty, what the member holds is named as if the module held it itself.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class StateNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
