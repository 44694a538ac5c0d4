using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing.Json;

/// <summary>Numbers of 64 bits, within their range.</summary>
internal readonly unsafe struct JsonDoubleParser : IJsonParser<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(JsonKind kind, byte* text, int length, out double value)
    {
        int sign = *text == '-' ? 1 : 0;
        int unsignedLength = length - sign;
        if (kind == JsonKind.Number
            && (uint)(unsignedLength - 1) < ShortDecimal.MaxLength
            && ShortDecimal.TryParse(text + sign, unsignedLength, out ulong digits, out int fractionDigits)
            && digits < 1UL << 53
            && (uint)(text[sign] - '0') <= 9 && text[length - 1] != '.'
            && (text[sign] != '0' || unsignedLength == 1 || text[sign + 1] == '.'))
        {
            double magnitude = digits / DecimalToDouble.ExactPowersOfTen[fractionDigits];
            value = sign != 0 ? -magnitude : magnitude;
            return true;
        }

        return TryParseAny(kind, text, length, out value);
    }

    public static bool TryParseSpelled(byte* text, int length, out double value) => DoubleParser.TryParse(text, length, out value);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool TryParseAny(JsonKind kind, byte* text, int length, out double value)
    {
        value = 0;
        return kind == JsonKind.Number
            && JsonNumber.IsValid(text, length) && DoubleParser.TryParse(text, length, out value) && double.IsFinite(value);
    }
}
