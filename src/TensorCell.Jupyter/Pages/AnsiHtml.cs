using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace TensorCell.Jupyter.Pages;

/// <summary>Terminal output as HTML: colours as spans, other control sequences dropped, overwritten lines as they ended.</summary>
internal static partial class AnsiHtml
{
    /// <summary>The text, encoded.</summary>
    public static string Render(string text)
    {
        var html = new StringBuilder(text.Length);
        var styles = new SortedSet<int>();
        var place = 0;
        text = Overwrite(text);
        foreach (Match match in Escapes().Matches(text))
        {
            Append(html, text[place..match.Index], styles);
            place = match.Index + match.Length;
            if (match.Groups["codes"].Success)
            {
                Apply(match.Groups["codes"].Value, styles);
            }
        }

        Append(html, text[place..], styles);
        return html.ToString();
    }

    // A progress bar returns to the start of its line and writes it again.
    private static string Overwrite(string text) => !text.Contains('\r') ? text : string.Join('\n', text.Replace("\r\n", "\n").Split('\n')
        .Select(line => line.TrimEnd('\r') is var kept && kept.LastIndexOf('\r') is >= 0 and var last ? kept[(last + 1)..] : kept));

    private static void Append(StringBuilder html, string text, SortedSet<int> styles)
    {
        if (text.Length == 0)
        {
            return;
        }

        var encoded = WebUtility.HtmlEncode(string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t')));
        html.Append(styles.Count == 0 ? encoded : $"<span class=\"{string.Join(' ', styles.Select(code => $"a{code}"))}\">{encoded}</span>");
    }

    private static void Apply(string codes, SortedSet<int> styles)
    {
        var numbers = codes.Split(';').Select(code => int.TryParse(code, out var number) ? number : 0).ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            switch (numbers[i])
            {
                case 0:
                    styles.Clear();
                    break;
                case 1 or 3 or 4:
                    styles.Add(numbers[i]);
                    break;
                case 22 or 23 or 24:
                    styles.Remove(numbers[i] == 22 ? 1 : numbers[i] - 20);
                    break;
                case (>= 30 and <= 37) or (>= 90 and <= 97):
                    styles.RemoveWhere(code => code >= 30);
                    styles.Add(numbers[i]);
                    break;
                case 39:
                    styles.RemoveWhere(code => code >= 30);
                    break;
                case 38 or 48:
                    // The 256 colours and true colours that follow are left to the page's own palette: the first 16 map, others do not.
                    var isIndexed = i + 2 < numbers.Length && numbers[i + 1] == 5;
                    if (isIndexed && numbers[i] == 38 && numbers[i + 2] is >= 0 and < 16 and var index)
                    {
                        styles.RemoveWhere(code => code >= 30);
                        styles.Add(index < 8 ? 30 + index : 82 + index);
                    }

                    i += isIndexed ? 2 : 4;
                    break;
            }
        }
    }

    [GeneratedRegex(@"\x1B(?:\[(?<codes>[0-9;]*)m|\[[0-9;?]*[A-Za-z]|\][^\x07\x1B]*(?:\x07|\x1B\\)|.)", RegexOptions.CultureInvariant)]
    private static partial Regex Escapes();
}
