using Microsoft.DotNet.Interactive.Formatting;

namespace TensorCell.Interactive;

/// <summary>Turns values into outputs through the registered formatters.</summary>
public static class MimeBundles
{
    /// <summary>
    /// The value in each MIME type its formatters prefer, always with plain text. Never throws: a formatter that fails is
    /// replaced by the value's text.
    /// </summary>
    public static MimeBundle Of(object? value)
    {
        TensorCellFormatters.Ensure();
        switch (value)
        {
            case MimeBundle bundle:
                return bundle;
            case RichContent content:
                return new MimeBundle(new Dictionary<string, string>
                {
                    [content.MimeType] = content.Content,
                    [PlainTextFormatter.MimeType] = content.Content,
                });
        }

        var data = new Dictionary<string, string>();
        foreach (var mimeType in PreferredMimeTypes(value))
        {
            if (TryFormat(value, mimeType) is { } text)
            {
                data[mimeType] = text;
            }
        }

        if (!data.ContainsKey(PlainTextFormatter.MimeType))
        {
            data[PlainTextFormatter.MimeType] = TryFormat(value, PlainTextFormatter.MimeType) ?? SafeText.Of(value);
        }

        return new MimeBundle(data);
    }

    private static IReadOnlyCollection<string> PreferredMimeTypes(object? value) =>
        value is null ? [PlainTextFormatter.MimeType] : Formatter.GetPreferredMimeTypesFor(value.GetType());

    private static string? TryFormat(object? value, string mimeType)
    {
        try
        {
            return value.ToDisplayString(mimeType);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            return null;
        }
    }
}
