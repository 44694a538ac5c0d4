using System.Text;

namespace TensorCell.Interactive.Magics;

/// <summary>One word of a magic's line, its quotes taken off.</summary>
/// <param name="Text">The word.</param>
/// <param name="Start">Where it begins on the line.</param>
/// <param name="End">Where it ends on the line.</param>
/// <param name="IsQuoted">Whether it begins with a quotation mark, so that it cannot be an option's name.</param>
/// <param name="IsTerminated">Whether every quotation mark in it is closed.</param>
internal readonly record struct MagicToken(string Text, int Start, int End, bool IsQuoted, bool IsTerminated)
{
    /// <summary>
    /// Splits at white space. Within single or double quotation marks white space does not split; a backslash within double ones stands for
    /// itself, so that Windows paths need no care, unless a quotation mark or a backslash follows it.
    /// </summary>
    public static List<MagicToken> Split(string line)
    {
        var tokens = new List<MagicToken>();
        var position = 0;
        while (true)
        {
            while (position < line.Length && char.IsWhiteSpace(line[position]))
            {
                position++;
            }

            if (position == line.Length)
            {
                return tokens;
            }

            var start = position;
            var text = new StringBuilder();
            var quote = '\0';
            for (; position < line.Length && (quote != '\0' || !char.IsWhiteSpace(line[position])); position++)
            {
                var character = line[position];
                if (quote == '\0' && character is '"' or '\'')
                {
                    quote = character;
                }
                else if (character == quote)
                {
                    quote = '\0';
                }
                else if (quote == '"' && character == '\\' && position + 1 < line.Length && line[position + 1] is '"' or '\\')
                {
                    text.Append(line[++position]);
                }
                else
                {
                    text.Append(character);
                }
            }

            tokens.Add(new(text.ToString(), start, position, line[start] is '"' or '\'', quote == '\0'));
        }
    }
}
