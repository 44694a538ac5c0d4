using System.Net;
using System.Text.Json.Nodes;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Helpers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace TensorCell.Jupyter.Pages;

/// <summary>Renders Markdown: raw HTML is kept as notebooks keep it, without anything that runs or reaches out.</summary>
internal sealed class PageMarkdown(PageHeadings headings, string? folder)
{
    private const long LargestPicture = 20 << 20;

    private static readonly MarkdownPipeline pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseGridTables().UseTaskLists().UseEmphasisExtras().UseFootnotes().UseAutoLinks()
        .UseMathematics().UseDefinitionLists().UseListExtras().UseAbbreviations()
        .Build();

    /// <summary>The text as HTML.</summary>
    /// <param name="text">Markdown.</param>
    /// <param name="attachments">Pictures attached to the cell, by name and MIME type.</param>
    public string ToHtml(string text, JsonObject? attachments = null)
    {
        var document = Markdown.Parse(text, pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            heading.GetAttributes().Id = headings.Add(heading.Level, TextOf(heading.Inline));
        }

        foreach (var link in document.Descendants<LinkInline>().Where(link => link.IsImage))
        {
            link.Url = Embed(link.Url ?? "", attachments) ?? link.Url;
        }

        foreach (var code in document.Descendants<FencedCodeBlock>().ToArray())
        {
            Rewrite(code);
        }

        foreach (var math in document.Descendants<MathInline>().ToArray())
        {
            math.ReplaceBy(new HtmlInline($"<span class=\"math\">{WebUtility.HtmlEncode(math.Content.ToString())}</span>"));
        }

        return HtmlSanitizer.Clean(document.ToHtml(pipeline), address => Embed(address, attachments));
    }

    // Code is highlighted; a formula stays as it was written, without the delimiters.
    private static void Rewrite(FencedCodeBlock code)
    {
        var text = code.Lines.ToString();
        var html = new HtmlBlock(code.Parser)
        {
            Lines = new StringLineGroup(code is MathBlock
                ? $"<div class=\"math\">{WebUtility.HtmlEncode(text)}</div>"
                : $"<pre><code>{CodeHtml.Highlight(text, (code.Info ?? "").ToLowerInvariant())}</code></pre>"),
        };
        var parent = code.Parent!;
        var place = parent.IndexOf(code);
        parent.RemoveAt(place);
        parent.Insert(place, html);
    }

    private static string TextOf(ContainerInline? inlines) => inlines is null ? "" : string.Concat(inlines.Descendants().Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        LineBreakInline => " ",
        _ => "",
    }));

    // A page that needs nothing else holds its pictures itself; those of other sites stay out.
    private string? Embed(string address, JsonObject? attachments)
    {
        if (address.StartsWith("attachment:", StringComparison.Ordinal))
        {
            return attachments?[Uri.UnescapeDataString(address["attachment:".Length..])] is JsonObject { Count: > 0 } types
                && types.First() is { Value: JsonValue content } entry && content.TryGetValue(out string? base64) && IsPicture(entry.Key)
                ? $"data:{entry.Key};base64,{base64.ReplaceLineEndings("")}"
                : null;
        }

        if (folder is null || address.Length == 0 || address.Contains(':') || address.StartsWith('/') || address.StartsWith('#'))
        {
            return null;
        }

        var root = Path.GetFullPath(folder);
        var path = Path.GetFullPath(Path.Combine(root, Uri.UnescapeDataString(address.Split('?', '#')[0])));
        var type = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".svg" => "image/svg+xml",
            ".webp" => "image/webp",
            _ => null,
        };
        var file = new FileInfo(path);
        return type is not null && path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && file.Exists && file.Length <= LargestPicture
            ? $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(path))}"
            : null;
    }

    private static bool IsPicture(string mimeType) =>
        mimeType.StartsWith("image/", StringComparison.Ordinal) && mimeType.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '+' or '-' or '.');
}
