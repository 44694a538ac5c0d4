namespace TensorCell.Interactive.Magics;

/// <summary>A line of a cell.</summary>
/// <param name="Text">Its text, without the line break.</param>
/// <param name="Start">Where it begins in the cell.</param>
/// <param name="End">Where its text ends.</param>
/// <param name="Next">Where the next line begins.</param>
/// <param name="Number">Its number, from 1.</param>
internal readonly record struct CellLine(string Text, int Start, int End, int Next, int Number)
{
    /// <summary>Whether it is a magic's line, whose name may yet be unknown.</summary>
    public bool IsMagic => Text.Length > 2 && Text[0] == '#' && Text[1] == '!' && char.IsAsciiLetter(Text[2]);

    /// <summary>The name on a magic's line.</summary>
    public string MagicName
    {
        get
        {
            var end = Text.AsSpan(2).IndexOfAny(' ', '\t');
            return end < 0 ? Text[2..] : Text[2..(2 + end)];
        }
    }

    /// <summary>The lines of a text; a last line without a line break included.</summary>
    public static List<CellLine> Split(string text)
    {
        var lines = new List<CellLine>();
        var start = 0;
        while (start < text.Length)
        {
            var length = text.AsSpan(start).IndexOfAny('\r', '\n');
            var end = length < 0 ? text.Length : start + length;
            var next = end;
            if (next < text.Length)
            {
                next += text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1;
            }

            lines.Add(new(text[start..end], start, end, next, lines.Count + 1));
            start = next;
        }

        return lines;
    }
}
