using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using TensorCell.Interactive;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Pages;

/// <summary>
/// Writes a notebook as one HTML page that needs nothing else: no request leaves it, its charts are drawn without script and
/// interactive with the bundled plotly.js, and it reads in light and dark, on a phone and on paper.
/// </summary>
public static class HtmlPage
{
    private const int LeastHeadings = 3;

    // What the notebook itself put into its outputs may run; nothing may be fetched or sent.
    private const string Policy =
        "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data:";

    private static readonly Lazy<string> style = new(() => ReadResource("page.css"));

    /// <summary>Writes the page.</summary>
    /// <param name="document">The notebook, with its outputs.</param>
    /// <param name="writer">Where the page goes.</param>
    /// <param name="title">The page's title; a first heading of the notebook takes its place.</param>
    /// <param name="folder">Where the notebook lies, so that pictures beside it are taken into the page; null leaves them out.</param>
    public static void Write(NotebookDocument document, TextWriter writer, string title, string? folder = null)
    {
        var headings = new PageHeadings();
        var markdown = new PageMarkdown(headings, folder);
        var outputs = new PageOutputs(markdown);
        using var body = new StringWriter();
        foreach (var cell in document.Cells)
        {
            WriteCell(cell, body, markdown, outputs, PageLanguage.Of(document, cell));
        }

        writer.Write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        writer.Write($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\">\n");
        writer.Write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"TensorCell\">\n");
        writer.Write($"<title>{WebUtility.HtmlEncode(headings.First ?? title)}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{style.Value}</style>\n</head>\n<body>\n<div class=\"page\">\n");
        if (headings.Entries.Count >= LeastHeadings)
        {
            headings.Write(writer);
        }

        writer.Write("<main>\n");
        writer.Write(body.ToString());
        writer.Write("<footer>Made with TensorCell</footer>\n</main>\n</div>\n");
        if (outputs.HasCharts)
        {
            writer.Write(PlotlyBundle.LoaderHtml);
        }

        writer.Write("\n</body>\n</html>\n");
    }

    private static void WriteCell(NotebookCell cell, TextWriter page, PageMarkdown markdown, PageOutputs outputs, string language)
    {
        switch (cell.Kind)
        {
            case CellKind.Markdown:
                page.Write($"<div class=\"prose\">\n{markdown.ToHtml(cell.Source, cell.Attachments)}</div>\n");
                return;
            case CellKind.Raw:
                page.Write($"<pre class=\"code\">{WebUtility.HtmlEncode(cell.Source)}</pre>\n");
                return;
        }

        page.Write("<div class=\"cell\">\n");
        if (cell.ExecutionCount is { } count)
        {
            page.Write($"<span class=\"prompt\">[{count}]</span>\n");
        }

        if (cell.Source.Trim().Length > 0)
        {
            page.Write($"<pre class=\"code\"><code>{CodeHtml.Highlight(cell.Source.TrimEnd(), language)}</code></pre>\n");
        }

        foreach (JsonObject output in cell.Outputs)
        {
            outputs.Write(output, page);
        }

        page.Write("</div>\n");
    }

    private static string ReadResource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
