using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TensorCell.Interactive;

namespace TensorCell.Jupyter.Pages;

/// <summary>Writes a cell's outputs, each in the richest form that it has.</summary>
internal sealed class PageOutputs(PageMarkdown markdown)
{
    private const string Plotly = "application/vnd.plotly.v1+json";
    private const string ChartMark = "data-tensorcell-chart=";
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private int figures;

    /// <summary>Whether any output needs plotly.js.</summary>
    public bool HasCharts { get; private set; }

    public void Write(JsonObject output, TextWriter page)
    {
        switch (Text(output["output_type"]))
        {
            case "stream":
                var isError = Text(output["name"]) == "stderr";
                page.Write($"<div class=\"output{(isError ? " stderr" : "")}\"><pre>{AnsiHtml.Render(Text(output["text"]))}</pre></div>\n");
                break;
            case "error":
                WriteError(output, page);
                break;
            default:
                if (output["data"] is JsonObject data && ToHtml(data) is { Length: > 0 } html)
                {
                    page.Write($"<div class=\"output\">{html}</div>\n");
                }

                break;
        }
    }

    private static void WriteError(JsonObject output, TextWriter page)
    {
        page.Write($"<div class=\"output error\"><span class=\"name\">{WebUtility.HtmlEncode(Text(output["ename"]))}</span>");
        var message = Text(output["evalue"]);
        var trace = output["traceback"] is JsonArray lines ? string.Join('\n', lines.Select(Text)) : "";
        page.Write($"<pre>{AnsiHtml.Render(trace.Length > 0 ? trace : message)}</pre></div>\n");
    }

    private string ToHtml(JsonObject data)
    {
        var html = Text(data["text/html"]);
        if (html.Contains(ChartMark, StringComparison.Ordinal))
        {
            HasCharts = true;
            return html;
        }

        if (data[Plotly] is JsonObject figure)
        {
            HasCharts = true;
            return Chart(figure, html);
        }

        if (html.Length > 0)
        {
            return html;
        }

        if (Text(data["image/svg+xml"]) is { Length: > 0 } svg)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(svg);
            return $"<img alt=\"{Alternative(data)}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(bytes)}\">";
        }

        foreach (var type in (string[])["image/png", "image/jpeg", "image/gif", "image/webp"])
        {
            if (Text(data[type]) is { Length: > 0 } picture && IsBase64(picture))
            {
                return $"<img alt=\"{Alternative(data)}\" src=\"data:{type};base64,{string.Concat(picture.Where(c => !char.IsWhiteSpace(c)))}\">";
            }
        }

        return Textual(data);
    }

    private string Textual(JsonObject data)
    {
        if (Text(data["text/markdown"]) is { Length: > 0 } text)
        {
            return $"<div class=\"prose\">{markdown.ToHtml(text)}</div>";
        }

        if (Text(data["text/latex"]) is { Length: > 0 } latex)
        {
            return $"<div class=\"math\">{WebUtility.HtmlEncode(latex)}</div>";
        }

        if (Text(data["application/javascript"]) is { Length: > 0 } script)
        {
            return $"<script>{script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}</script>";
        }

        if (data["application/json"] is { } json)
        {
            return $"<pre>{CodeHtml.Highlight(json.ToJsonString(indented), "json")}</pre>";
        }

        return data["text/plain"] is { } plain && Text(plain) is { Length: > 0 } written ? $"<pre>{AnsiHtml.Render(written)}</pre>" : "";
    }

    // A figure of another library has no picture of its own; what HTML it has stands until it is drawn.
    private string Chart(JsonObject figure, string html)
    {
        var name = $"figure-{++figures}";
        var json = figure.ToJsonString();
        return
            $"<div id=\"{name}\"></div>{(html.Contains("<script", StringComparison.OrdinalIgnoreCase) ? "" : html)}" +
            $"<script>addEventListener(\"tensorcell-plotly\",()=>{{const f={json.Replace("<", "\\u003c")};Plotly.newPlot(\"{name}\",f.data||[],f.layout||{{}},{{responsive:true,displaylogo:false}});}},{{once:true}});</script>";
    }

    private static string Alternative(JsonObject data) => WebUtility.HtmlEncode(Text(data["text/plain"]));

    private static bool IsBase64(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=' || char.IsWhiteSpace(c));

    private static string Text(JsonNode? node) => node switch
    {
        JsonArray lines => string.Concat(lines.Select(Text)),
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => "",
    };
}
