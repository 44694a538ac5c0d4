namespace TensorCell.Interactive.Magics;

/// <summary>The name of a variable, as the user of a magic typed it.</summary>
internal static class VariableName
{
    /// <summary>Requires that C# takes it: letters, digits and underscores, not beginning with a digit.</summary>
    /// <param name="name">The name.</param>
    /// <param name="magic">The magic whose option it is, as <c>#!csv</c>.</param>
    /// <param name="noun">What a name may begin with, where this one cannot begin as it does.</param>
    /// <exception cref="MagicException">It is no such name.</exception>
    public static void Check(string name, string magic, string noun)
    {
        if (name.Length == 0 || char.IsDigit(name[0]) || !name.All(IsFit))
        {
            Throw.Magic($"{magic} --name {name}: not a variable's name, as {name} is no C# name of letters, digits and underscores; write --name {Suggested(name, noun)}");
        }
    }

    /// <summary>The variable that has it.</summary>
    /// <param name="variables">The notebook's variables.</param>
    /// <param name="asked">What was typed, as <c>#!python --share x</c>.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="MagicException">No variable has it; proposes the nearest.</exception>
    public static NotebookVariable Find(IReadOnlyList<NotebookVariable> variables, string asked, string name)
    {
        if (variables.LastOrDefault(variable => variable.Name == name) is { } found)
        {
            return found;
        }

        var nearest = EditDistance.Nearest(name, variables.Select(variable => variable.Name));
        return Throw.Magic<NotebookVariable>(
            $"{asked}: the notebook has no variable {name}; "
            + (nearest is null ? "#!whos lists those it has" : $"did you mean {nearest}? (#!whos lists all)"));
    }

    private static bool IsFit(char character) => char.IsLetterOrDigit(character) || character == '_';

    private static string Suggested(string name, string noun)
    {
        var letters = string.Concat(name.Select(character => IsFit(character) ? character : '_')).Trim('_');
        return letters.Length == 0 ? noun : char.IsLetter(letters[0]) ? letters : $"{noun}_{letters}";
    }
}
