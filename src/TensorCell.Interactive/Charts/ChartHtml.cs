namespace TensorCell.Interactive;

/// <summary>A chart's HTML.</summary>
internal static class ChartHtml
{
    public static string Write(Figure figure) =>
        $"<figure><pre>{System.Net.WebUtility.HtmlEncode(figure.ToString())}</pre></figure>";
}
