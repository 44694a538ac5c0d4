namespace TensorCell.Interactive.Magics;

/// <summary>The name of a variable that a magic makes, as its user typed it.</summary>
internal static class VariableName
{
    /// <summary>Whether C# takes it: letters, digits and underscores, not beginning with a digit.</summary>
    public static bool IsValid(string name) =>
        name.Length > 0 && (char.IsLetter(name[0]) || name[0] == '_') && name.All(character => char.IsLetterOrDigit(character) || character == '_');
}
