using System.Runtime.CompilerServices;
using System.Text;

namespace TensorCell.Data.Parsing;

/// <summary>Fields without their quotes and blanks.</summary>
internal static unsafe class FieldText
{
    /// <summary>Takes quotes, then blanks and tabs, from around a field that is to be a number, date or boolean.</summary>
    public static FieldContent Unwrap(ref byte* text, ref int length, int quote, MissingTokens missing)
    {
        bool isQuoted = length > 0 && *text == quote;
        if (isQuoted)
        {
            if (!IsWellQuoted(text, length, (byte)quote))
            {
                return FieldContent.Malformed;
            }

            text++;
            length -= 2;
        }

        while (length > 0 && text[length - 1] is (byte)' ' or (byte)'\t')
        {
            length--;
        }

        while (length > 0 && *text is (byte)' ' or (byte)'\t')
        {
            text++;
            length--;
        }

        return (length == 0 || !isQuoted) && missing.Contains(new ReadOnlySpan<byte>(text, length)) ? FieldContent.Missing : FieldContent.Value;
    }

    /// <summary>Whether a field that begins with a quote ends with the one that closes it, and every other is doubled.</summary>
    public static bool IsWellQuoted(byte* text, int length, byte quote)
    {
        if (length < 2 || text[length - 1] != quote)
        {
            return false;
        }

        ReadOnlySpan<byte> inner = new(text + 1, length - 2);
        for (int at = inner.IndexOf(quote); at >= 0; at = inner.IndexOf(quote))
        {
            if (at + 1 >= inner.Length || inner[at + 1] != quote)
            {
                return false;
            }

            inner = inner[(at + 2)..];
        }

        return true;
    }

    /// <summary>A field as an error shows it: in quotes, shortened, without control characters.</summary>
    public static string Show(byte* text, int length)
    {
        const int Longest = 60;
        string shown = Encoding.UTF8.GetString(text, Math.Min(length, Longest * 4));
        shown = string.Create(shown.Length, shown, static (characters, source) =>
        {
            for (int index = 0; index < characters.Length; index++)
            {
                characters[index] = char.IsControl(source[index]) ? '·' : source[index];
            }
        });
        return length == 0 ? "nothing" : shown.Length > Longest ? $"\"{shown[..Longest]}…\"" : $"\"{shown}\"";
    }
}
