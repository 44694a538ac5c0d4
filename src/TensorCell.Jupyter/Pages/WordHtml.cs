using System.Collections.Frozen;
using System.Net;
using System.Text.RegularExpressions;

namespace TensorCell.Jupyter.Pages;

/// <summary>Languages other than C#, coloured by their words: strings, numbers, comments and keywords.</summary>
internal static partial class WordHtml
{
    private static readonly FrozenDictionary<string, string[]> keywords = new Dictionary<string, string[]>
    {
        ["python"] = ["and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "False", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "None", "nonlocal", "not", "or", "pass", "raise", "return", "True", "try", "while", "with", "yield", "match", "case"],
        ["javascript"] = ["async", "await", "break", "case", "catch", "class", "const", "continue", "default", "delete", "do", "else", "export", "extends", "false", "finally", "for", "function", "if", "import", "in", "instanceof", "let", "new", "null", "of", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void", "while", "yield"],
        ["fsharp"] = ["let", "in", "do", "module", "namespace", "open", "type", "of", "match", "with", "fun", "function", "if", "then", "else", "elif", "for", "to", "while", "rec", "and", "mutable", "true", "false", "null", "new", "yield", "return", "async", "try", "finally", "use", "member", "override", "static"],
        ["sql"] = ["select", "from", "where", "group", "by", "order", "having", "join", "left", "right", "inner", "outer", "on", "as", "and", "or", "not", "null", "insert", "into", "values", "update", "set", "delete", "create", "table", "limit", "union", "case", "when", "then", "else", "end", "distinct", "in", "is", "like", "between"],
        ["json"] = ["true", "false", "null"],
        ["bash"] = ["if", "then", "else", "elif", "fi", "for", "in", "do", "done", "while", "case", "esac", "function", "return", "export", "local", "set", "cd", "exit"],
    }.ToFrozenDictionary();

    public static string Highlight(string code, string language)
    {
        language = language switch
        {
            "py" or "python3" or "ipython" => "python",
            "js" or "typescript" or "ts" => "javascript",
            "f#" or "fs" => "fsharp",
            "sh" or "shell" or "console" => "bash",
            _ => language,
        };
        if (!keywords.TryGetValue(language, out var words))
        {
            return WebUtility.HtmlEncode(code);
        }

        var html = new System.Text.StringBuilder();
        var place = 0;
        foreach (Match match in Words().Matches(code))
        {
            if (StyleOf(match, language, words) is not { } style)
            {
                continue;
            }

            html.Append(WebUtility.HtmlEncode(code[place..match.Index]));
            html.Append($"<span class=\"{style}\">{WebUtility.HtmlEncode(match.Value)}</span>");
            place = match.Index + match.Length;
        }

        return html.Append(WebUtility.HtmlEncode(code[place..])).ToString();
    }

    private static string? StyleOf(Match match, string language, string[] words)
    {
        var text = match.Value;
        return match.Groups["hash"].Success ? (language is "python" or "bash" ? "c" : null)
            : match.Groups["slashes"].Success ? (language is "javascript" or "fsharp" ? "c" : null)
            : match.Groups["dashes"].Success ? (language == "sql" ? "c" : null)
            : match.Groups["string"].Success ? "s"
            : match.Groups["number"].Success ? "n"
            : words.Contains(language == "sql" ? text.ToLowerInvariant() : text) ? "k"
            : null;
    }

    [GeneratedRegex("""
        (?<string>"{3}[\s\S]*?(?:"{3}|\z)|'{3}[\s\S]*?(?:'{3}|\z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?)|(?<hash>\#[^\n]*)|(?<slashes>//[^\n]*)|(?<dashes>--[^\n]*)|(?<number>\b\d[\w.]*)|(?<word>\b[A-Za-z_]\w*)
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Words();
}
