using System.Net;
using System.Text;

namespace TensorCell.Interactive.Formatting;

/// <summary>Builds HTML outputs: everything from outside is encoded, and styles apply to nothing but the output.</summary>
internal static class Html
{
    // Greys are see-through and text takes the page's colour, so an output suits a page of either theme.
    private const string Style =
        """
        <style>
        .tensorcell{font-size:13px;line-height:1.45;max-width:100%;overflow-x:auto}
        .tensorcell table{border-collapse:collapse;margin:2px 0 6px;font-size:13px;border:0;font-variant-numeric:tabular-nums}
        .tensorcell th,.tensorcell td{padding:3px 12px 3px 0;text-align:left;vertical-align:top;border:0;border-bottom:1px solid rgba(128,140,155,.22);background:none;max-width:36em;overflow-wrap:anywhere;white-space:normal}
        .tensorcell tr{background:none}
        .tensorcell thead th{font-weight:600;border-bottom:1px solid rgba(128,140,155,.6);white-space:nowrap}
        .tensorcell tbody th{font-weight:400;opacity:.65;white-space:nowrap}
        .tensorcell .n{text-align:right;white-space:nowrap}
        .tensorcell .u{white-space:nowrap}
        .tensorcell .s{opacity:.65;font-weight:400}
        .tensorcell .b{color:#e0434f;font-weight:600}
        .tensorcell .h{font-weight:600;margin:0 0 2px}
        .tensorcell pre{margin:0;padding:0;background:none;border:0;font-size:12.5px;white-space:pre-wrap;color:inherit}
        .tensorcell .c{display:inline-block;vertical-align:top;border:1px solid rgba(128,140,155,.35);border-radius:8px;padding:8px 14px 4px;margin:2px 10px 8px 0}
        .tensorcell img{display:block;max-width:100%;height:auto;margin:2px 0}
        .tensorcell summary{cursor:pointer}
        .tensorcell details{margin:2px 0 6px}
        .tensorcell .asm{white-space:pre;line-height:1.35;max-height:440px;overflow:auto}
        .tensorcell .asm>span{display:block;padding-left:8px}
        .tensorcell .hot{background:rgba(232,135,30,.12);box-shadow:inset 3px 0 #e8871e}
        .tensorcell .key{color:#a45fd0}.tensorcell .typ{color:#1a9e77}.tensorcell .val{color:#3b7dd8}.tensorcell .num{color:#c9701a}.tensorcell .opr{font-weight:600}.tensorcell .lab{color:#cf5b9d}
        .tensorcell .t{display:block;width:9em;height:5px;border-radius:3px;background:rgba(128,140,155,.25);margin-top:8px}
        .tensorcell .t i{display:block;height:5px;border-radius:3px;background:#3b7dd8}
        </style>
        """;

    /// <summary>Text as HTML shows it.</summary>
    public static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");

    /// <summary>One output, with its style.</summary>
    public static string Output(params ReadOnlySpan<string> parts) => $"<div class=\"tensorcell\">{Style}{string.Concat(parts)}</div>";

    /// <summary>A heading, and softer text beside it.</summary>
    public static string Heading(string text, string? soft = null) =>
        $"<p class=\"h\">{Encode(text)}{(soft is null ? "" : $" <span class=\"s\">{Encode(soft)}</span>")}</p>";

    /// <summary>A soft line.</summary>
    public static string Note(string text) => $"<p class=\"s\" style=\"margin:2px 0\">{Encode(text)}</p>";

    /// <summary>Text that says that something is wrong.</summary>
    public static string Bad(string text) => $"<span class=\"b\">{Encode(text)}</span>";

    /// <summary>What is shown when it is asked for.</summary>
    public static string Details(string summary, string content) => $"<details><summary class=\"s\">{Encode(summary)}</summary>{content}</details>";

    /// <summary>Text with its line breaks.</summary>
    public static string Preformatted(string text) => $"<pre>{Encode(text)}</pre>";

    /// <summary>Names and values, a row each.</summary>
    public static string Properties(IEnumerable<(string Name, string Value)> rows)
    {
        var html = new StringBuilder("<table><tbody>");
        foreach (var (name, value) in rows)
        {
            html.Append($"<tr><th>{Encode(name)}</th><td>{Encode(value)}</td></tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    /// <summary>A bordered box.</summary>
    public static string Card(params ReadOnlySpan<string> parts) => $"<div class=\"c\">{string.Concat(parts)}</div>";

    /// <summary>A bar filled to a share.</summary>
    public static string Share(double share) => double.IsFinite(share)
        ? $"<span class=\"t\"><i style=\"width:{(int)Math.Clamp(100 * share, 0, 100)}%\"></i></span>"
        : "";

    /// <summary>A small picture without script.</summary>
    public static string Picture(string svg, string description) =>
        $"<img alt=\"{Encode(description)}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\">";
}
