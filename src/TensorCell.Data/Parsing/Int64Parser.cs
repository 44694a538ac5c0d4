using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing;

/// <summary>Decimal integers of 64 bits, with an optional sign.</summary>
internal readonly unsafe struct Int64Parser : IValueParser<long>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(byte* text, int length, out long value)
    {
        bool isNegative = length > 0 && *text == '-';
        int signLength = isNegative ? 1 : 0;
        int unsignedLength = length - signLength;
        if ((uint)(unsignedLength - 1) < ShortDecimal.MaxLength
            && ShortDecimal.TryParse(text + signLength, unsignedLength, out ulong digits, out int fractionDigits)
            && fractionDigits == 0 && text[length - 1] != '.')
        {
            value = isNegative ? -(long)digits : (long)digits;
            return true;
        }

        return TryParseAny(text, length, out value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryParseAny(byte* text, int length, out long value)
    {
        value = 0;
        byte* end = text + length;
        bool isNegative = length > 0 && *text == '-';
        text += length > 0 && *text is (byte)'-' or (byte)'+' ? 1 : 0;
        if (text == end)
        {
            return false;
        }

        UInt128 magnitude = 0;
        ulong limit = isNegative ? 1UL << 63 : long.MaxValue;
        for (; text < end; text++)
        {
            uint digit = (uint)(*text - '0');
            magnitude = (magnitude * 10) + digit;
            if (digit > 9 || magnitude > limit)
            {
                return false;
            }
        }

        value = (long)(isNegative ? 0 - (ulong)magnitude : (ulong)magnitude);
        return true;
    }
}
