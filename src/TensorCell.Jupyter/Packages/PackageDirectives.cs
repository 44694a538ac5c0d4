using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using TensorCell.Jupyter.CSharp;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Packages;

/// <summary>The lines <c>#r "nuget: …"</c> and <c>#i "nuget: …"</c> of a cell.</summary>
/// <param name="Requests">The packages it asks for, in order.</param>
/// <param name="Sources">Further places to look for packages in, in order: folders and addresses.</param>
/// <param name="Places">Where the lines stand.</param>
internal sealed record PackageDirectives(
    IReadOnlyList<PackageRequest> Requests, IReadOnlyList<string> Sources, IReadOnlyList<TextSpan> Places)
{
    private const string Scheme = "nuget:";

    /// <summary>Whether text may hold such lines; most does not.</summary>
    public static bool MayBeIn(string code) => code.Contains(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds them wherever they stand, but in strings and comments.</summary>
    /// <exception cref="PackageException">A line is not understood.</exception>
    public static PackageDirectives Of(string csharp)
    {
        var requests = new List<PackageRequest>();
        var sources = new List<string>();
        var places = new List<TextSpan>();
        foreach ((TextSpan place, bool isPackage, string text) in Lines(csharp))
        {
            places.Add(place);
            if (isPackage)
            {
                requests.Add(PackageRequest.Parse(text));
            }
            else
            {
                sources.Add(PackageSource.Parse(text));
            }
        }

        return new PackageDirectives(requests, sources, places);
    }

    /// <summary>C# without any such lines, understood or not, every other offset as it was.</summary>
    public static string BlankAll(string csharp) => Blank(csharp, Lines(csharp).Select(line => line.Line));

    /// <summary>The cell without them, every other offset as it was.</summary>
    /// <param name="code">The cell, whose C# they were found in.</param>
    public string Blank(string code) => Blank(code, Places);

    private static string Blank(string code, IEnumerable<TextSpan> places)
    {
        char[] rest = code.ToCharArray();
        foreach (TextSpan place in places)
        {
            CSharpText.Blank(rest.AsSpan(place.Start, place.Length));
        }

        return new string(rest);
    }

    private static IEnumerable<(TextSpan Line, bool IsPackage, string Text)> Lines(string csharp)
    {
        if (!MayBeIn(csharp))
        {
            yield break;
        }

        foreach (SyntaxTrivia trivia in SubmissionCompiler.Parse(csharp, "", CancellationToken.None).GetRoot().DescendantTrivia())
        {
            // Only the first of these is a directive of C# scripts; the compiler calls the other a bad one.
            if (trivia.GetStructure() is ReferenceDirectiveTriviaSyntax or BadDirectiveTriviaSyntax)
            {
                string[] parts = trivia.ToFullString().Split('"');
                string directive = parts[0].Replace(" ", "", StringComparison.Ordinal).Trim();
                if (parts.Length >= 3 && directive is "#r" or "#i" && parts[1].TrimStart().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
                {
                    yield return (trivia.Span, directive == "#r", parts[1].TrimStart()[Scheme.Length..]);
                }
            }
        }
    }
}
