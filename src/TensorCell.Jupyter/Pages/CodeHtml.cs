using System.Net;
using System.Text;

namespace TensorCell.Jupyter.Pages;

/// <summary>Source code as highlighted HTML, everything encoded.</summary>
internal static class CodeHtml
{
    /// <summary>The code with spans around what is coloured; a cell's magic lines switch the language as they do when it runs.</summary>
    public static string Highlight(string code, string language)
    {
        var html = new StringBuilder(code.Length * 2);
        var lines = new List<string>();
        foreach (var line in code.ReplaceLineEndings("\n").Split('\n'))
        {
            if (!line.StartsWith("#!", StringComparison.Ordinal) && !(line.StartsWith("%%", StringComparison.Ordinal) && html.Length == 0))
            {
                lines.Add(line);
                continue;
            }

            Flush(html, lines, language);
            Separate(html);
            html.Append($"<span class=\"m\">{WebUtility.HtmlEncode(line)}</span>");
            var name = line.TrimStart('#', '!', '%').Split(' ', 2)[0].ToLowerInvariant();
            language = name is "python" or "javascript" or "html" or "markdown" or "sql" or "fsharp" or "pwsh" or "json" ? name
                : name is "csharp" or "c#" or "bench" or "compare" or "time" or "profile" or "explain" or "jit" ? "csharp"
                : language;
        }

        Flush(html, lines, language);
        return html.ToString();
    }

    private static void Flush(StringBuilder html, List<string> lines, string language)
    {
        if (lines.Count == 0)
        {
            return;
        }

        Separate(html);
        var code = string.Join('\n', lines);
        lines.Clear();
        html.Append(PageLanguage.IsCSharp(language) ? CSharpHtml.Highlight(code) : WordHtml.Highlight(code, language));
    }

    private static void Separate(StringBuilder html)
    {
        if (html.Length > 0)
        {
            html.Append('\n');
        }
    }
}
