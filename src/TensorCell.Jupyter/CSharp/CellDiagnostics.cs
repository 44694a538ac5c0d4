using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Draws compile errors: place, message, the line of code and a caret under the culprit.</summary>
internal static class CellDiagnostics
{
    private const int Most = 10;

    private static readonly SymbolDisplayFormat parameterFormat = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeParamsRefOut);

    /// <summary>One paragraph for each error, in the cell's own lines and columns, at most ten.</summary>
    /// <param name="diagnostics">What the compiler told.</param>
    /// <param name="model">What it knows of the cell's code; null where that does not parse.</param>
    public static string Describe(IEnumerable<Diagnostic> diagnostics, SemanticModel? model = null)
    {
        Diagnostic[] errors = [.. diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
        var text = new StringBuilder();
        foreach (Diagnostic error in errors.Take(Most))
        {
            Append(text, error, model);
        }

        if (errors.Length > Most)
        {
            text.Append(errors.Length - Most).Append(" more errors").Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    private static void Append(StringBuilder text, Diagnostic error, SemanticModel? model)
    {
        string message = $"error {error.Id}: {error.GetMessage()}";
        if (error.Location.SourceTree?.GetText() is not { } source)
        {
            text.Append(message).Append('\n');
            return;
        }

        FileLinePositionSpan place = error.Location.GetLineSpan();
        TextLine line = source.Lines[place.StartLinePosition.Line];
        string code = line.ToString();
        int start = Math.Min(place.StartLinePosition.Character, code.Length);
        int end = place.EndLinePosition.Line == place.StartLinePosition.Line
            ? Math.Min(place.EndLinePosition.Character, code.Length) : code.Length;
        string number = (place.StartLinePosition.Line + 1).ToString();
        text.Append($"({number},{start + 1}): {message}\n  {number} | {code}\n  ")
            .Append(' ', number.Length).Append(" | ");

        // Tabs stay tabs, so that the caret stands under its character however wide the reader draws them.
        foreach (char character in code.AsSpan(0, start))
        {
            text.Append(character == '\t' ? '\t' : ' ');
        }

        text.Append('^').Append('~', Math.Max(0, end - start - 1)).Append('\n');
        if (model is not null && error.Location.SourceTree == model.SyntaxTree && Advice(error, model) is { } advice)
        {
            text.Append("  ").Append(advice).Append('\n');
        }
    }

    /// <summary>What to write instead of a method of an earlier cell, to which the compiler gives no delegate type of its own; null where that is not the error.</summary>
    private static string? Advice(Diagnostic error, SemanticModel model)
    {
        bool isOfDelegate = error.Id == "CS8917" || (error.Id == "CS1503" && error.GetMessage().Contains("System.Delegate", StringComparison.Ordinal));
        if (!isOfDelegate
            || model.SyntaxTree.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true) is not { } named
            || model.GetMemberGroup(named) is not [IMethodSymbol { IsGenericMethod: false, ContainingType.IsScriptClass: true } method])
        {
            return null;
        }

        string parameters = string.Join(", ", method.Parameters.Select(parameter => parameter.ToDisplayString(parameterFormat)));
        return $"a method of an earlier cell takes a lambda around it: ({parameters}) => {method.Name}({string.Join(", ", method.Parameters.Select(parameter => parameter.Name))})";
    }
}
