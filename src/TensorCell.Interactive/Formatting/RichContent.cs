namespace TensorCell.Interactive;

/// <summary>Content that is shown as it is in its MIME type, such as HTML the user wrote.</summary>
/// <param name="MimeType">Its MIME type.</param>
/// <param name="Content">Its text.</param>
public sealed record RichContent(string MimeType, string Content)
{
    /// <inheritdoc/>
    public override string ToString() => Content;
}
