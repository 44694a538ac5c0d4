using TensorCell.Interactive;
using TensorCell.Interactive.Formatting;

namespace TensorCell.Jupyter.Packages;

/// <summary>What a notebook shows of an installation.</summary>
internal static class PackageDisplay
{
    /// <summary>One that goes on.</summary>
    public static MimeBundle Progress(string text) => MimeBundle.Html($"<div><progress></progress> {Html.Encode(text)}</div>", text);

    /// <summary>One that ended.</summary>
    /// <param name="text">How.</param>
    /// <param name="notes">What else the user should know.</param>
    public static MimeBundle Result(string text, IReadOnlyList<string> notes) => MimeBundle.Html(
        Html.Output([Html.Note(text), .. notes.Select(note => Html.Note(note))]),
        string.Join('\n', notes.Prepend(text)));
}
