using System.Text;
using System.Text.RegularExpressions;

namespace TensorCell.Interactive.Formatting;

/// <summary>Code with its parts coloured, in colours that suit light and dark pages.</summary>
internal static partial class CodeHtml
{
    /// <summary>The textual form of a kernel's intermediate representation, or PTX.</summary>
    public static string Ir(string text)
    {
        var html = new StringBuilder("<pre>");
        var end = 0;
        foreach (Match match in Tokens().Matches(text))
        {
            html.Append(Html.Encode(text[end..match.Index]));
            end = match.Index + match.Length;
            var kind = match.Groups.Keys.Last(key => key.Length > 1 && match.Groups[key].Success);
            html.Append($"<span class=\"{kind}\">{Html.Encode(match.Value)}</span>");
        }

        return html.Append(Html.Encode(text[end..])).Append("</pre>").ToString();
    }

    /// <summary>Instructions, the hot loop's on a tinted ground.</summary>
    public static string Instructions(IEnumerable<DisassembledInstruction> instructions)
    {
        var html = new StringBuilder("<pre class=\"asm\">");
        foreach (var instruction in instructions)
        {
            html.Append(instruction.IsHot ? "<span class=\"hot\">" : "<span>");
            html.Append($"<span class=\"s\">{instruction.Offset,5:x}</span>  <span class=\"lab\">{instruction.Label,-4}</span> ");
            foreach (var (text, part) in instruction.Parts)
            {
                var encoded = Html.Encode(text);
                html.Append(part switch
                {
                    InstructionPart.Mnemonic => $"<b>{encoded}</b>",
                    InstructionPart.Register => $"<span class=\"val\">{encoded}</span>",
                    InstructionPart.Number => $"<span class=\"num\">{encoded}</span>",
                    InstructionPart.Label => $"<span class=\"lab\">{encoded}</span>",
                    _ => encoded,
                });
            }

            html.Append("\n</span>");
        }

        return html.Append("</pre>").ToString();
    }

    /// <summary>A part that opens and closes.</summary>
    public static string Section(string title, string html, bool isOpen) =>
        $"<details{(isOpen ? " open" : "")}><summary>{Html.Encode(title)}</summary>{html}</details>";

    [GeneratedRegex(
        """
        (?<key>\b(?:kernel|if|else|while|for|loop|do|let|load|store|return|break|continue|barrier|shared|atomic|groups|of|to|step|yield|repeat|with|select)\b)
        |(?<typ>\b(?:f64|f32|f16|bf16|i64|i32|i16|i8|u64|u32|u16|u8|bool)\b|\.[a-z][a-z0-9.]*\b)
        |(?<val>%[\w.<>]*\w|\b[pu]\d+\b)
        |(?<num>-?\b\d[\d.]*(?:[eE][-+]?\d+)?[fFlL]?\b)
        |(?<opr>(?<==\s)[a-z]\w*\b)
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Tokens();
}
