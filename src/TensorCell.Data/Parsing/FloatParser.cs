using System.Globalization;
using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing;

/// <summary>Decimal numbers to binary32, bit for bit as <see cref="float.Parse(string)"/> reads them.</summary>
internal readonly unsafe struct FloatParser : IValueParser<float>
{
    private const double SmallestNormal = 1.1754943508222875e-38;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(byte* text, int length, out float value)
    {
        if (!DoubleParser.TryParse(text, length, out double wide))
        {
            value = 0;
            return false;
        }

        // Rounding twice is rounding once unless the first result lies half-way between two floats.
        const long BelowFloat = (1L << 29) - 1;
        bool isHalfWay = (BitConverter.DoubleToInt64Bits(wide) & BelowFloat) == 1L << 28;
        if (isHalfWay || (Math.Abs(wide) < SmallestNormal && wide != 0))
        {
            return float.TryParse(new ReadOnlySpan<byte>(text, length), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        value = (float)wide;
        return true;
    }
}
