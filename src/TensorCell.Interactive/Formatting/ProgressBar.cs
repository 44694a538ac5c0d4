using System.Globalization;

namespace TensorCell.Interactive.Formatting;

/// <summary>A bar, and words beside it, for how far something is.</summary>
internal static class ProgressBar
{
    /// <summary>The bar.</summary>
    /// <param name="done">How much is done, from 0 to 1.</param>
    /// <param name="text">What stands beside it.</param>
    public static string Html(double done, string text) =>
        $"<div><progress max=\"100\" value=\"{Whole(done)}\"></progress> {Formatting.Html.Encode(text)}</div>";

    /// <summary>The share in whole percent: <c>42 %</c>.</summary>
    public static string Percent(double done) => $"{Whole(done)} %";

    /// <summary>The bar, and the same as text.</summary>
    public static MimeBundle Bundle(double done, string text) => MimeBundle.Html(Html(done, text), $"{text} ({Percent(done)})");

    private static string Whole(double done) => ((int)(100 * done)).ToString(CultureInfo.InvariantCulture);
}
