using System.Net;

namespace TensorCell.Jupyter.Pages;

/// <summary>A tag as it stands in HTML.</summary>
/// <param name="Name">Its name, as written.</param>
/// <param name="IsEnd">Whether it closes an element.</param>
/// <param name="Attributes">Its attributes, values decoded.</param>
internal sealed record HtmlTag(string Name, bool IsEnd, List<(string Name, string Value)> Attributes)
{
    /// <summary>Reads what starts at a <c>&lt;</c>.</summary>
    /// <returns>The place after it. Without a tag: the next place for a bare <c>&lt;</c>, else the end of a comment.</returns>
    public static int Read(string html, int start, out HtmlTag? tag)
    {
        tag = null;
        var place = start + 1;
        if (place < html.Length && html[place] is '!' or '?')
        {
            var isComment = html.AsSpan(start).StartsWith("<!--");
            var end = html.IndexOf(isComment ? "-->" : ">", place, StringComparison.Ordinal);
            return end < 0 ? html.Length + (place == html.Length ? 1 : 0) : end + (isComment ? 3 : 1);
        }

        var isEnd = place < html.Length && html[place] == '/';
        place += isEnd ? 1 : 0;
        if (place >= html.Length || !char.IsAsciiLetter(html[place]))
        {
            return start + 1;
        }

        var nameStart = place;
        while (place < html.Length && !char.IsWhiteSpace(html[place]) && html[place] is not ('>' or '/'))
        {
            place++;
        }

        var name = html[nameStart..place];
        var attributes = new List<(string Name, string Value)>();
        while (place < html.Length && html[place] != '>')
        {
            if (char.IsWhiteSpace(html[place]) || html[place] == '/')
            {
                place++;
                continue;
            }

            place = ReadAttribute(html, place, attributes);
        }

        tag = new HtmlTag(name, isEnd, attributes);
        return Math.Min(place + 1, html.Length);
    }

    private static int ReadAttribute(string html, int place, List<(string Name, string Value)> attributes)
    {
        var start = place;
        place++;
        while (place < html.Length && !char.IsWhiteSpace(html[place]) && html[place] is not ('=' or '>' or '/'))
        {
            place++;
        }

        var name = html[start..place];
        var after = SkipSpace(html, place);
        if (after >= html.Length || html[after] != '=')
        {
            attributes.Add((name, ""));
            return place;
        }

        place = SkipSpace(html, after + 1);
        if (place < html.Length && html[place] is '"' or '\'')
        {
            var end = html.IndexOf(html[place], place + 1);
            end = end < 0 ? html.Length : end;
            attributes.Add((name, WebUtility.HtmlDecode(html[(place + 1)..end])));
            return Math.Min(end + 1, html.Length);
        }

        var valueStart = place;
        while (place < html.Length && !char.IsWhiteSpace(html[place]) && html[place] != '>')
        {
            place++;
        }

        attributes.Add((name, WebUtility.HtmlDecode(html[valueStart..place])));
        return place;
    }

    private static int SkipSpace(string html, int place)
    {
        while (place < html.Length && char.IsWhiteSpace(html[place]))
        {
            place++;
        }

        return place;
    }
}
