using System.Text;

namespace TensorCell.Interactive.Formatting;

/// <summary>Exceptions: what went wrong first, where it went wrong on demand.</summary>
internal static class ExceptionHtml
{
    private const int MostInner = 8;

    public static string Write(Exception exception)
    {
        var html = new StringBuilder();
        var current = exception;
        for (var depth = 0; current is not null && depth < MostInner; depth++)
        {
            html.Append($"<p class=\"h\"><span style=\"color:#d1495b\">{(depth > 0 ? "caused by " : "")}{Html.Encode(TypeName.Of(current.GetType()))}</span></p>");
            html.Append(Html.Preformatted(CellText.Cut(MessageOf(current), 4000)));
            if (Read(() => current.StackTrace ?? "") is { Length: > 0 } trace)
            {
                html.Append($"<details><summary class=\"s\">stack</summary>{Html.Preformatted(CellText.Cut(trace, 8000))}</details>");
            }

            current = current.InnerException;
        }

        return Html.Output(html.ToString());
    }

    public static string Text(Exception exception) => CellText.Cut(Read(exception.ToString), 12_000);

    /// <summary>The message, or what went wrong while it was made.</summary>
    public static string MessageOf(Exception exception) => Read(() => exception.Message);

    private static string Read(Func<string> read)
    {
        try
        {
            return read() ?? "";
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or ThreadInterruptedException))
        {
            return $"({failure.GetType().Name} while reading it)";
        }
    }
}
