using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace TensorCell.Data.Parsing.Json;

/// <summary>Strings as JSON writes them. Texts end, wherever they do, with a zero, which no string may hold.</summary>
internal static unsafe class JsonString
{
    /// <summary>The first quote, backslash or control character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* FindSpecial(byte* text)
    {
        while (true)
        {
            Vector256<byte> bytes = Vector256.Load(text);
            uint special = (Vector256.Equals(bytes, Vector256.Create((byte)'"'))
                | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                | Vector256.Equals(Vector256.Min(bytes, Vector256.Create((byte)0x1F)), bytes)).ExtractMostSignificantBits();
            if (special != 0)
            {
                return text + BitOperations.TrailingZeroCount(special);
            }

            text += Vector256<byte>.Count;
        }
    }

    /// <summary>Finds the quote that closes a string, and checks its escapes.</summary>
    /// <param name="text">The first byte after the opening quote.</param>
    /// <param name="isEscaped">Whether there are escapes.</param>
    /// <param name="problem">What is wrong when there is no such quote.</param>
    /// <returns>The quote, or null.</returns>
    public static byte* FindEnd(byte* text, out bool isEscaped, ref JsonProblem problem)
    {
        isEscaped = false;
        while (true)
        {
            text = FindSpecial(text);
            if (*text == '"')
            {
                return text;
            }

            if (*text != '\\')
            {
                problem = new JsonProblem(text, "a closing quote, with control characters before it written as escapes such as \\n and \\u0000");
                return null;
            }

            isEscaped = true;
            int length = LengthOfEscape(text);
            if (length == 0)
            {
                problem = new JsonProblem(text, "an escape such as \\n, \\\\ or \\u00E9, and of a surrogate both halves");
                return null;
            }

            text += length;
        }
    }

    /// <summary>Writes a string, known to be right, with its escapes resolved, as UTF-8.</summary>
    /// <param name="text">What is between the quotes.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="target">Where it goes; as many bytes are always enough.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Decode(byte* text, int length, Span<byte> target)
    {
        ReadOnlySpan<byte> rest = new(text, length);
        int written = 0;
        while (true)
        {
            int plain = rest.IndexOf((byte)'\\');
            plain = plain < 0 ? rest.Length : plain;
            rest[..plain].CopyTo(target[written..]);
            written += plain;
            rest = rest[plain..];
            if (rest.IsEmpty)
            {
                return written;
            }

            if (rest[1] != 'u')
            {
                target[written++] = rest[1] switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    var itself => itself,
                };
                rest = rest[2..];
                continue;
            }

            int unit = Unit(rest[2..]);
            bool isPair = char.IsHighSurrogate((char)unit);
            Rune rune = isPair ? new Rune((char)unit, (char)Unit(rest[8..])) : new Rune(unit);
            written += rune.EncodeToUtf8(target[written..]);
            rest = rest[(isPair ? 12 : 6)..];
        }
    }

    private static int LengthOfEscape(byte* text)
    {
        if (text[1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            return 2;
        }

        int unit = text[1] == 'u' ? Unit(new ReadOnlySpan<byte>(text + 2, 4)) : -1;
        if (unit < 0 || char.IsLowSurrogate((char)unit))
        {
            return 0;
        }

        if (!char.IsHighSurrogate((char)unit))
        {
            return 6;
        }

        int second = text[6] == '\\' && text[7] == 'u' ? Unit(new ReadOnlySpan<byte>(text + 8, 4)) : -1;
        return second >= 0 && char.IsLowSurrogate((char)second) ? 12 : 0;
    }

    /// <summary>The number that four hexadecimal digits write; -1 when they are none.</summary>
    private static int Unit(ReadOnlySpan<byte> digits)
    {
        int unit = 0;
        foreach (byte digit in digits[..4])
        {
            int value = char.IsAsciiHexDigit((char)digit) ? (digit & 0xF) + (digit > '9' ? 9 : 0) : -1;
            if (value < 0)
            {
                return -1;
            }

            unit = (unit << 4) | value;
        }

        return unit;
    }
}
