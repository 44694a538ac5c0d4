using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Draws compile errors: place, message, the line of code and a caret under the culprit.</summary>
internal static class CellDiagnostics
{
    private const int Most = 10;

    /// <summary>One paragraph for each error, in the cell's own lines and columns, at most ten.</summary>
    public static string Describe(IEnumerable<Diagnostic> diagnostics)
    {
        Diagnostic[] errors = [.. diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
        var text = new StringBuilder();
        foreach (Diagnostic error in errors.Take(Most))
        {
            Append(text, error);
        }

        if (errors.Length > Most)
        {
            text.Append(errors.Length - Most).Append(" more errors").Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    private static void Append(StringBuilder text, Diagnostic error)
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
    }
}
