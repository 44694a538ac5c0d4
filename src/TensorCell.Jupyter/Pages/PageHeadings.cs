using System.Net;

namespace TensorCell.Jupyter.Pages;

/// <summary>The headings of a page: their anchors, and the table of contents.</summary>
internal sealed class PageHeadings
{
    private const int DeepestLevel = 3;
    private readonly HashSet<string> anchors = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The headings that the table of contents lists.</summary>
    public List<(int Level, string Text, string Anchor)> Entries { get; } = [];

    /// <summary>The first heading's text; null when there is none.</summary>
    public string? First => Entries.Count > 0 ? Entries[0].Text : null;

    /// <summary>Takes a heading in, and returns its anchor, which is the one Jupyter gives it unless that is taken.</summary>
    public string Add(int level, string text)
    {
        var wanted = text.Trim().Replace(' ', '-');
        var anchor = wanted.Length == 0 ? "section" : wanted;
        for (var number = 2; !anchors.Add(anchor); number++)
        {
            anchor = $"{wanted}-{number}";
        }

        if (level <= DeepestLevel)
        {
            Entries.Add((level, text, anchor));
        }

        return anchor;
    }

    /// <summary>Writes the table of contents.</summary>
    public void Write(TextWriter page)
    {
        page.Write("<nav aria-label=\"Contents\"><div>\n");
        foreach (var (level, text, anchor) in Entries)
        {
            page.Write($"<a class=\"l{level}\" href=\"#{WebUtility.HtmlEncode(Uri.EscapeDataString(anchor))}\">{WebUtility.HtmlEncode(text)}</a>\n");
        }

        page.Write("</div></nav>\n");
    }
}
