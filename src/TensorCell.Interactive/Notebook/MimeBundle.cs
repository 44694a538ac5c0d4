namespace TensorCell.Interactive;

/// <summary>One output in several MIME types; JSON types hold JSON text.</summary>
/// <param name="Data">The representations, by MIME type.</param>
public sealed record MimeBundle(IReadOnlyDictionary<string, string> Data)
{
    /// <summary>A bundle of plain text alone.</summary>
    public static MimeBundle PlainText(string text) =>
        new(new Dictionary<string, string> { ["text/plain"] = text });

    /// <summary>A bundle of HTML with its plain-text stand-in.</summary>
    public static MimeBundle Html(string html, string text) =>
        new(new Dictionary<string, string> { ["text/html"] = html, ["text/plain"] = text });
}
