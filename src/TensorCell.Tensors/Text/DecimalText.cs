using System.Globalization;
using System.Numerics;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>
/// A finite floating-point number in decimal digits: the fewest that tell it apart from its neighbours of the same type or, where
/// those are more than asked for, its exact value rounded half to even.
/// </summary>
internal readonly struct DecimalText
{
    private readonly double magnitude;
    private readonly string digits;
    private readonly int exponent;

    /// <summary>The digits of a number that an element of a type holds.</summary>
    public DecimalText(double number, DType type)
    {
        IsNegative = double.IsNegative(number);
        magnitude = Math.Abs(number);
        string shortest = type switch
        {
            DType.Float16 => ((Half)magnitude).ToString(CultureInfo.InvariantCulture),
            DType.BFloat16 or DType.Float32 => ((float)magnitude).ToString(CultureInfo.InvariantCulture),
            _ => magnitude.ToString(CultureInfo.InvariantCulture),
        };
        (digits, exponent) = Parse(shortest);
    }

    /// <summary>Whether the sign is negative; that of a zero can be.</summary>
    public bool IsNegative { get; }

    /// <summary>The digits before and behind the point, without zeros at the end.</summary>
    /// <param name="precision">The most digits behind the point.</param>
    /// <param name="isWholeExact">Whether digits before the point beyond the fewest are those of the exact value, or zeros.</param>
    public (string Whole, string Fraction) Positional(int precision, bool isWholeExact)
    {
        if (digits.Length - 1 - exponent > precision)
        {
            string rounded = Scaled(precision).ToString(CultureInfo.InvariantCulture).PadLeft(precision + 1, '0');
            return (rounded[..^precision], rounded[^precision..].TrimEnd('0'));
        }

        return exponent < 0
            ? ("0", new string('0', -exponent - 1) + digits)
            : digits.Length <= exponent + 1
                ? (isWholeExact ? Scaled(0).ToString(CultureInfo.InvariantCulture) : digits.PadRight(exponent + 1, '0'), string.Empty)
                : (digits[..(exponent + 1)], digits[(exponent + 1)..]);
    }

    /// <summary>The digit before the point, those behind it, without zeros at the end, and the power of ten.</summary>
    public (string Whole, string Fraction, int Exponent) Scientific(int precision)
    {
        if (digits.Length - 1 <= precision)
        {
            return (digits[..1], digits[1..], exponent);
        }

        string rounded = Scaled(precision - exponent).ToString(CultureInfo.InvariantCulture);
        return (rounded[..1], rounded[1..(precision + 1)].TrimEnd('0'), exponent + rounded.Length - precision - 1);
    }

    /// <summary>The exact value's digit before the point, exactly so many behind it, and the power of ten.</summary>
    public (string Whole, string Fraction, int Exponent) ExactScientific(int precision)
    {
        if (magnitude == 0)
        {
            return ("0", new string('0', precision), 0);
        }

        // The fewest digits may have rounded up to a power of ten that the exact value does not reach.
        int power = Scaled(-exponent, isRounded: false).IsZero ? exponent - 1 : exponent;
        string rounded = Scaled(precision - power).ToString(CultureInfo.InvariantCulture);
        return (rounded[..1], rounded[1..(precision + 1)], power + rounded.Length - precision - 1);
    }

    private static (string Digits, int Exponent) Parse(string shortest)
    {
        int mark = shortest.IndexOf('E');
        int power = mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = mark < 0 ? shortest : shortest[..mark];
        int point = mantissa.IndexOf('.');
        int whole = point < 0 ? mantissa.Length : point;
        string all = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        string leading = all.TrimStart('0');
        return leading.Length == 0
            ? ("0", 0)
            : (leading.TrimEnd('0'), power + whole - 1 - (all.Length - leading.Length));
    }

    /// <summary>The exact value times a power of ten, rounded half to even or down.</summary>
    private BigInteger Scaled(int power, bool isRounded = true)
    {
        long bits = BitConverter.DoubleToInt64Bits(magnitude);
        int biased = (int)(bits >> 52);
        long fraction = bits & ((1L << 52) - 1);
        int binary = Math.Max(biased, 1) - 1075;
        BigInteger numerator = biased == 0 ? fraction : fraction | (1L << 52);
        BigInteger denominator = BigInteger.One;
        numerator <<= Math.Max(binary, 0);
        denominator <<= Math.Max(-binary, 0);
        if (power >= 0)
        {
            numerator *= BigInteger.Pow(10, power);
        }
        else
        {
            denominator *= BigInteger.Pow(10, -power);
        }

        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        int comparison = (remainder * 2).CompareTo(denominator);
        return isRounded && (comparison > 0 || (comparison == 0 && !quotient.IsEven)) ? quotient + 1 : quotient;
    }
}
