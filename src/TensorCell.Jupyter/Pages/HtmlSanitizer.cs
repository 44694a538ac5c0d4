using System.Net;
using System.Text;

namespace TensorCell.Jupyter.Pages;

/// <summary>
/// Rewrites HTML with the elements and attributes of a list alone: whatever is written was written here, so what a browser would read
/// differently from this parser cannot come through.
/// </summary>
internal static class HtmlSanitizer
{
    private static readonly HashSet<string> elements = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
        "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5",
        "h6", "header", "hr", "i", "img", "input", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span",
        "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
    };

    private static readonly HashSet<string> emptyElements = new(StringComparer.OrdinalIgnoreCase) { "br", "col", "hr", "img", "input", "wbr" };

    // What these hold is no text to read.
    private static readonly HashSet<string> droppedWithContent = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "iframe", "object", "embed", "template", "noscript", "noembed", "noframes", "textarea", "title", "xmp", "svg", "math",
        "select", "plaintext", "applet", "frameset",
    };

    private static readonly HashSet<string> attributes = new(StringComparer.OrdinalIgnoreCase)
    {
        "align", "alt", "class", "color", "colspan", "dir", "height", "href", "id", "lang", "open", "reversed", "rowspan", "span", "src", "start",
        "style", "title", "valign", "value", "width",
    };

    /// <summary>The HTML without anything that runs or reaches out.</summary>
    /// <param name="html">Any text.</param>
    /// <param name="embed">Turns a picture's address into a <c>data:</c> one; null where it cannot.</param>
    public static string Clean(string html, Func<string, string?> embed)
    {
        var clean = new StringBuilder(html.Length);
        var open = new Stack<string>();
        var place = 0;
        while (place < html.Length)
        {
            var next = html.IndexOf('<', place);
            clean.Append(html, place, (next < 0 ? html.Length : next) - place);
            if (next < 0)
            {
                break;
            }

            place = HtmlTag.Read(html, next, out var tag);
            if (tag is null)
            {
                clean.Append(place == next + 1 ? "&lt;" : "");
            }
            else if (droppedWithContent.Contains(tag.Name))
            {
                place = tag.IsEnd ? place : AfterContent(html, place, tag.Name);
            }
            else if (elements.Contains(tag.Name))
            {
                Write(clean, tag, open, embed);
            }
        }

        while (open.TryPop(out var name))
        {
            clean.Append($"</{name}>");
        }

        return clean.ToString();
    }

    private static void Write(StringBuilder clean, HtmlTag tag, Stack<string> open, Func<string, string?> embed)
    {
        var name = tag.Name.ToLowerInvariant();
        if (tag.IsEnd)
        {
            // An end without a start would close an element of the page around it.
            if (!open.Contains(name))
            {
                return;
            }

            string closed;
            do
            {
                closed = open.Pop();
                clean.Append($"</{closed}>");
            }
            while (closed != name);
            return;
        }

        clean.Append('<').Append(name);
        foreach (var (attribute, value) in tag.Attributes.DistinctBy(attribute => attribute.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (attributes.Contains(attribute) && Allowed(name, attribute.ToLowerInvariant(), value, embed) is { } allowed)
            {
                clean.Append($" {attribute.ToLowerInvariant()}=\"{WebUtility.HtmlEncode(allowed)}\"");
            }
        }

        if (name == "input")
        {
            clean.Append($" type=\"checkbox\" disabled{(tag.Attributes.Any(a => a.Name.Equals("checked", StringComparison.OrdinalIgnoreCase)) ? " checked" : "")}");
        }

        clean.Append('>');
        if (!emptyElements.Contains(name))
        {
            open.Push(name);
        }
    }

    private static string? Allowed(string element, string attribute, string value, Func<string, string?> embed) => attribute switch
    {
        "href" => element == "a" && IsHarmlessLink(value) ? value : null,
        "src" => element == "img" ? (value.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) ? value : embed(value)) : null,
        "style" => value.Trim().TrimEnd(';').Replace(" ", "") is "text-align:left" or "text-align:right" or "text-align:center" ? value : null,
        _ => value,
    };

    private static bool IsHarmlessLink(string address)
    {
        var text = new string([.. address.Where(c => c > ' ' && !char.IsControl(c))]);
        var colon = text.IndexOf(':');
        var scheme = colon < 0 || text.AsSpan(0, colon).IndexOfAny('/', '?', '#') >= 0 ? "" : text[..colon].ToLowerInvariant();
        return scheme is "" or "http" or "https" or "mailto";
    }

    private static int AfterContent(string html, int start, string name)
    {
        var place = start;
        while (true)
        {
            var end = html.IndexOf("</" + name, place, StringComparison.OrdinalIgnoreCase);
            if (end < 0)
            {
                // A browser reads all the rest as the script's; other elements just never end.
                return name.ToLowerInvariant() is "script" or "style" or "plaintext" ? html.Length : start;
            }

            place = end + name.Length + 2;
            if (place >= html.Length || html[place] is '>' or '/' || char.IsWhiteSpace(html[place]))
            {
                var close = html.IndexOf('>', place);
                return close < 0 ? html.Length : close + 1;
            }
        }
    }
}
