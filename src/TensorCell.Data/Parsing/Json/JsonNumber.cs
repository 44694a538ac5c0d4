using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing.Json;

/// <summary>Numbers as JSON writes them: no plus, no leading zeros, a digit on each side of the point.</summary>
internal static unsafe class JsonNumber
{
    public const string Expected = "a number as JSON writes it, such as 0.5, -12 or 1e9";

    /// <summary>The bytes of the number that a text begins with; 0 when it begins with none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int LengthOf(byte* text)
    {
        byte* at = text + (*text == '-' ? 1 : 0);
        if (*at == '0')
        {
            at++;
        }
        else if (!TrySkipDigits(ref at))
        {
            return 0;
        }

        if (*at == '.')
        {
            at++;
            if (!TrySkipDigits(ref at))
            {
                return 0;
            }
        }

        if ((*at | 0x20) == 'e')
        {
            at++;
            at += *at is (byte)'-' or (byte)'+' ? 1 : 0;
            if (!TrySkipDigits(ref at))
            {
                return 0;
            }
        }

        return (int)(at - text);
    }

    /// <summary>Whether all of a text is a number.</summary>
    public static bool IsValid(byte* text, int length) => length > 0 && LengthOf(text) == length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkipDigits(ref byte* at)
    {
        byte* first = at;
        while ((uint)(*at - '0') <= 9)
        {
            at++;
        }

        return at > first;
    }
}
