using System.Text.RegularExpressions;

namespace TensorCell.Interactive.Hosting;

/// <summary>Guesses, without a compiler, which variables C# assigns; a name too many does no harm.</summary>
internal static partial class AssignedNames
{
    /// <summary>The names that stand before an assignment at the beginning of a statement.</summary>
    public static IReadOnlyList<string> In(string code) =>
        [.. Assignments().Matches(code).Select(match => match.Groups[1].Value).Distinct()];

    [GeneratedRegex(@"(?:^|[;{}\n])\s*(?:[\w.?\[\],<> ]+[ \t]+)?@?(\w+)[ \t]*(?:[-+*/%&|^]|<<|>>>?|\?\?)?=(?![=>])")]
    private static partial Regex Assignments();
}
