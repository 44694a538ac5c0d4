using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing;

/// <summary>The parts of a decimal number: sign, digits with at most one point, exponent.</summary>
internal unsafe struct DecimalText
{
    private const int MaxDigits = 19;
    private const int HugeExponent = 100_000;

    /// <summary>Whether it begins with a minus.</summary>
    public bool IsNegative;

    /// <summary>The first 19 significant digits as one number.</summary>
    public ulong Digits;

    /// <summary>The power of ten that multiplies <see cref="Digits"/>.</summary>
    public int Exponent;

    /// <summary>Whether digits other than zero followed the first 19.</summary>
    public bool IsTruncated;

    /// <summary>Reads the whole text.</summary>
    /// <returns>Whether it is a number.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRead(byte* text, int length)
    {
        byte* end = text + length;
        if (text < end && *text is (byte)'-' or (byte)'+')
        {
            IsNegative = *text == '-';
            text++;
        }

        byte* first = text;
        byte* point = null;
        int significant = 0;
        long dropped = 0;
        for (; text < end; text++)
        {
            uint digit = (uint)(*text - '0');
            if (digit > 9)
            {
                if (*text != '.' || point != null)
                {
                    break;
                }

                point = text;
                continue;
            }

            if (significant <= MaxDigits - 8 && end - text >= 8 && digit != 0 && TryReadEight(text, out uint eight))
            {
                Digits = (Digits * 100_000_000) + eight;
                significant += 8;
                dropped -= point != null ? 8 : 0;
                text += 7;
            }
            else if (significant < MaxDigits)
            {
                Digits = (Digits * 10) + digit;
                significant += Digits == 0 ? 0 : 1;
                dropped -= point != null ? 1 : 0;
            }
            else
            {
                IsTruncated |= digit != 0;
                dropped += point != null ? 0 : 1;
            }
        }

        long digitCount = text - first - (point != null ? 1 : 0);
        if (digitCount == 0 || !TryReadExponent(text, end, out int written))
        {
            return false;
        }

        Exponent = (int)Math.Clamp(dropped + written, -HugeExponent, HugeExponent);
        return true;
    }

    /// <summary>The number that eight digits write, read at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadEight(byte* text, out uint number)
    {
        ulong digits = Unsafe.ReadUnaligned<ulong>(text) - 0x3030303030303030;
        bool areDigits = ((digits | (digits + 0x7676767676767676)) & 0x8080808080808080) == 0;
        ulong twos = (digits * 10) + (digits >> 8);
        const ulong Pairs = 0x000000FF_000000FF;
        number = (uint)((((twos & Pairs) * 0x000F4240_00000064) + (((twos >> 16) & Pairs) * 0x00002710_00000001)) >> 32);
        return areDigits;
    }

    private static bool TryReadExponent(byte* text, byte* end, out int exponent)
    {
        exponent = 0;
        if (text == end)
        {
            return true;
        }

        if ((*text | 0x20) != 'e')
        {
            return false;
        }

        text++;
        bool isNegative = text < end && *text == '-';
        text += text < end && *text is (byte)'-' or (byte)'+' ? 1 : 0;
        if (text == end)
        {
            return false;
        }

        // Larger than any number of digits that a row can hold, so that its cap never changes a value.
        const int Cap = 1_500_000_000;
        long magnitude = 0;
        for (; text < end; text++)
        {
            uint digit = (uint)(*text - '0');
            if (digit > 9)
            {
                return false;
            }

            magnitude = Math.Min((magnitude * 10) + digit, Cap);
        }

        exponent = (int)(isNegative ? -magnitude : magnitude);
        return true;
    }
}
