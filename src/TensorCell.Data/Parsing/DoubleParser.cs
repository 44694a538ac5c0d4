using System.Globalization;
using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing;

/// <summary>
/// Decimal floating-point numbers, bit for bit as <see cref="double.Parse(string)"/> reads them: sign, digits with a point, exponent;
/// besides, inf and infinity in any case.
/// </summary>
internal readonly unsafe struct DoubleParser : IValueParser<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(byte* text, int length, out double value)
    {
        bool isNegative = length > 0 && *text == '-';
        int signLength = isNegative ? 1 : 0;
        int unsignedLength = length - signLength;
        if ((uint)(unsignedLength - 1) < ShortDecimal.MaxLength
            && ShortDecimal.TryParse(text + signLength, unsignedLength, out ulong digits, out int fractionDigits)
            && digits < 1UL << 53)
        {
            double magnitude = digits / DecimalToDouble.ExactPowersOfTen[fractionDigits];
            value = isNegative ? -magnitude : magnitude;
            return true;
        }

        return TryParseAny(text, length, out value);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool TryParseAny(byte* text, int length, out double value)
    {
        value = 0;
        DecimalText number = default;
        if (!number.TryRead(text, length))
        {
            return TryParseInfinity(text, length, out value);
        }

        if (!DecimalToDouble.TryConvert(number.Digits, number.Exponent, out double magnitude)
            || (number.IsTruncated
                && (!DecimalToDouble.TryConvert(number.Digits + 1, number.Exponent, out double above) || above != magnitude)))
        {
            return double.TryParse(new ReadOnlySpan<byte>(text, length), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        value = number.IsNegative ? -magnitude : magnitude;
        return true;
    }

    private static bool TryParseInfinity(byte* text, int length, out double value)
    {
        ReadOnlySpan<byte> word = new(text, length);
        bool isNegative = length > 0 && word[0] == '-';
        word = length > 0 && word[0] is (byte)'-' or (byte)'+' ? word[1..] : word;
        value = isNegative ? double.NegativeInfinity : double.PositiveInfinity;
        return System.Text.Ascii.EqualsIgnoreCase(word, "inf"u8) || System.Text.Ascii.EqualsIgnoreCase(word, "infinity"u8);
    }
}
