using System.Text.RegularExpressions;

namespace TensorCell.Interactive.Magics;

/// <summary>A method that C# declares outside of any type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsKernel">Whether it carries <c>[Kernel]</c>.</param>
/// <param name="Line">The line it is named on, from 1.</param>
internal sealed partial record DeclaredMethod(string Name, bool IsKernel, int Line)
{
    /// <summary>The methods of a cell, in order, found without a compiler.</summary>
    public static IReadOnlyList<DeclaredMethod> In(string code)
    {
        var plain = CSharpScanner.CodeOf(code);
        var methods = new List<DeclaredMethod>();
        var depth = 0;
        var statement = 0;
        for (var i = 0; i < plain.Length; i++)
        {
            switch (plain[i])
            {
                case '{':
                    depth++;
                    break;
                case '}':
                    depth = Math.Max(0, depth - 1);
                    statement = i + 1;
                    break;
                case ';' when depth == 0:
                    statement = i + 1;
                    break;
                case '(' when depth == 0:
                    var end = Closing(plain, i);
                    if (Head().Match(plain[statement..i]) is { Success: true } head && Tail().IsMatch(plain[(end + 1)..]))
                    {
                        var isKernel = Attribute().IsMatch(plain[statement..i]);
                        methods.Add(new(head.Groups["name"].Value, isKernel, 1 + plain.AsSpan(0, i).Count('\n')));
                    }

                    i = end;
                    break;
                case '[' when depth == 0:
                    i = Closing(plain, i);
                    break;
            }
        }

        return methods;
    }

    private static int Closing(string code, int open)
    {
        var depth = 0;
        for (var i = open; i < code.Length; i++)
        {
            depth += code[i] is '(' or '[' or '{' ? 1 : code[i] is ')' or ']' or '}' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return code.Length - 1;
    }

    // A type stands before a method's name; before a call's stands nothing, an operator or a keyword; before a type's with parameters, what kind it is.
    [GeneratedRegex(@"(?<type>[\w\]>?)]+)\s+(?<name>[A-Za-z_]\w*)\s*(?:<[\w\s,]*>)?\s*$(?<!\b(?:new|return|await|throw|in|is|as|else|do|class|struct|record)\s+\w+\s*(?:<[\w\s,]*>)?\s*)")]
    private static partial Regex Head();

    [GeneratedRegex(@"\A\s*(?:where\s[^{;]*?)?(?:\{|=>)")]
    private static partial Regex Tail();

    [GeneratedRegex(@"\[[^\]]*\bKernel\b")]
    private static partial Regex Attribute();
}
