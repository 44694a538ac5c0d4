namespace TensorCell.Interactive.Magics;

/// <summary>
/// Reads C# just closely enough to tell code from strings and comments. Raw, verbatim and interpolated strings are
/// followed; what is malformed ends where its line does, or with the text if it may span lines.
/// </summary>
internal sealed class CSharpScanner(string text, int position)
{
    private const int DeepestInterpolation = 64;

    private int position = position;
    private char last;

    /// <summary>Whether a position not yet scanned past is inside a string or comment that began before it.</summary>
    public bool IsInside(int offset) => position > offset;

    /// <summary>Whether the code so far could end here: it is empty, or a statement or block has just ended.</summary>
    public bool IsAtStatementStart => last is '\0' or ';' or '}';

    /// <summary>Scans a line, and to the end of any string or comment that begins on it.</summary>
    public void ScanTo(int end)
    {
        while (position < end)
        {
            Step(0);
        }
    }

    /// <summary>C# with spaces in place of its comments, strings and characters; lines stay as they are.</summary>
    public static string CodeOf(string text)
    {
        var code = text.ToCharArray();
        var scanner = new CSharpScanner(text, 0);
        while (scanner.position < text.Length)
        {
            var start = scanner.position;
            if (!scanner.Step(0))
            {
                for (var i = start; i < scanner.position; i++)
                {
                    code[i] = text[i] is '\n' or '\r' ? text[i] : ' ';
                }
            }
        }

        return new string(code);
    }

    /// <summary>Goes past a character of code, or past a whole comment, string or character in quotes.</summary>
    /// <returns>Whether it was code.</returns>
    private bool Step(int depth)
    {
        var character = text[position];
        var next = position + 1 < text.Length ? text[position + 1] : '\0';
        if (character == '/' && next == '/')
        {
            position = EndOfLine(position);
            return false;
        }

        if (character == '/' && next == '*')
        {
            var end = text.IndexOf("*/", position + 2, StringComparison.Ordinal);
            position = end < 0 ? text.Length : end + 2;
            return false;
        }

        if (character == '\'')
        {
            SkipQuoted('\'');
            last = character;
            return false;
        }

        if (character is '"' or '$' or '@' && TrySkipString(depth))
        {
            last = '"';
            return false;
        }

        position++;
        if (!char.IsWhiteSpace(character))
        {
            last = character;
        }

        return true;
    }

    private bool TrySkipString(int depth)
    {
        var cursor = position;
        var dollars = 0;
        var verbatim = false;
        for (; cursor < text.Length && text[cursor] is '$' or '@'; cursor++)
        {
            dollars += text[cursor] == '$' ? 1 : 0;
            verbatim |= text[cursor] == '@';
        }

        var quotes = CountRun(cursor, '"');
        if (quotes == 0)
        {
            return false;
        }

        position = cursor;
        if (quotes >= 3 && !verbatim)
        {
            SkipRaw(quotes);
        }
        else if (dollars > 0 && depth < DeepestInterpolation)
        {
            SkipInterpolated(verbatim, depth);
        }
        else if (verbatim)
        {
            SkipVerbatim();
        }
        else
        {
            SkipQuoted('"');
        }

        return true;
    }

    private void SkipRaw(int quotes)
    {
        position += quotes;
        while (position < text.Length)
        {
            var run = CountRun(position, '"');
            position += Math.Max(run, 1);
            if (run >= quotes)
            {
                return;
            }
        }
    }

    private void SkipVerbatim()
    {
        for (position++; position < text.Length; position++)
        {
            if (text[position] == '"' && CountRun(position, '"') % 2 == 1)
            {
                position += CountRun(position, '"');
                return;
            }

            if (text[position] == '"')
            {
                position += CountRun(position, '"') - 1;
            }
        }
    }

    private void SkipQuoted(char quote)
    {
        for (position++; position < text.Length && text[position] is not ('\n' or '\r'); position++)
        {
            if (text[position] == '\\' && position + 1 < text.Length)
            {
                position++;
            }
            else if (text[position] == quote)
            {
                position++;
                return;
            }
        }
    }

    private void SkipInterpolated(bool verbatim, int depth)
    {
        position++;
        while (position < text.Length)
        {
            var character = text[position];
            var next = position + 1 < text.Length ? text[position + 1] : '\0';
            if (!verbatim && character is '\n' or '\r')
            {
                return;
            }

            if ((character == '{' && next == '{') || (!verbatim && character == '\\') || (verbatim && character == '"' && next == '"'))
            {
                position = Math.Min(position + 2, text.Length);
            }
            else if (character == '"')
            {
                position++;
                return;
            }
            else if (character == '{')
            {
                SkipHole(depth + 1);
            }
            else
            {
                position++;
            }
        }
    }

    private void SkipHole(int depth)
    {
        var open = 0;
        while (position < text.Length)
        {
            var character = text[position];
            open += character == '{' ? 1 : character == '}' ? -1 : 0;
            Step(depth);
            if (open == 0)
            {
                return;
            }
        }
    }

    private int CountRun(int start, char character)
    {
        var end = start;
        while (end < text.Length && text[end] == character)
        {
            end++;
        }

        return end - start;
    }

    private int EndOfLine(int start)
    {
        var end = text.AsSpan(start).IndexOfAny('\r', '\n');
        return end < 0 ? text.Length : start + end;
    }
}
