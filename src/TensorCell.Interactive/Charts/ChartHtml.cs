using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace TensorCell.Interactive;

/// <summary>
/// A chart's HTML, sufficient by itself: the static picture as an <c>img</c>, which a notebook shows even when it trusts no
/// script (its sanitizers drop inline <c>svg</c>), and a script that makes it interactive.
/// </summary>
internal static class ChartHtml
{
    private static readonly Lazy<string> script = new(ReadScript);

    public static string Write(Figure figure)
    {
        var json = figure.ToJson();
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, 8));
        var picture = Convert.ToBase64String(Encoding.UTF8.GetBytes(figure.ToSvg()));
        var specification = WebUtility.UrlEncode(PlotlyBundle.KernelSpecName);
        return
            $"""
            <div class="tensorcell-chart" data-tensorcell-chart="{key}" style="max-width:{figure.Layout.Width}px">
            <img alt="{WebUtility.HtmlEncode(figure.ToString())}" width="{figure.Layout.Width}" style="display:block;max-width:100%;height:auto" src="data:image/svg+xml;base64,{picture}">
            </div>
            <script>{script.Value}("{key}",{json},"{specification}");</script>
            """;
    }

    private static string ReadScript() =>
        string.Join('\n', PlotlyBundle.Read("chart.js")!
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("//", StringComparison.Ordinal)));
}
