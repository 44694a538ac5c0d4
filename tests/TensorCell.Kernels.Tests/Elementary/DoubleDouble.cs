using System.Numerics;

namespace TensorCell.Kernels.Tests.Elementary;

/// <summary>
/// A number as the unevaluated sum of two doubles, good to some 2⁻¹⁰⁰ of itself (Dekker 1971), between about 2⁻⁹⁰⁰ and 2⁹⁰⁰: what the last digit
/// of a double is measured against.
/// </summary>
internal readonly record struct DoubleDouble(double High, double Low)
{
    public static readonly DoubleDouble HalfPi = new(1.5707963267948966, 6.123233995736766e-17);
    public static readonly DoubleDouble Ln2 = new(0.6931471805599453, 2.3190468138462996e-17);
    public static readonly DoubleDouble Ln10 = new(2.302585092994046, -2.1707562233822494e-16);

    /// <summary>2/√π.</summary>
    public static readonly DoubleDouble ErfScale = new(1.1283791670955126, 1.533545961316588e-17);

    public static implicit operator DoubleDouble(double value) => new(value, 0);

    public static DoubleDouble operator -(DoubleDouble x) => new(-x.High, -x.Low);

    public static DoubleDouble operator +(DoubleDouble x, DoubleDouble y)
    {
        var (high, low) = Sum(x.High, y.High);
        var (second, third) = Sum(x.Low, y.Low);
        (high, low) = Ordered(high, low + second);
        return Ordered(high, low + third);
    }

    public static DoubleDouble operator -(DoubleDouble x, DoubleDouble y) => x + -y;

    public static DoubleDouble operator *(DoubleDouble x, DoubleDouble y)
    {
        var high = x.High * y.High;
        var low = Math.FusedMultiplyAdd(x.High, y.High, -high);
        return Ordered(high, low + Math.FusedMultiplyAdd(x.High, y.Low, x.Low * y.High));
    }

    public static DoubleDouble operator /(DoubleDouble x, DoubleDouble y)
    {
        var first = x.High / y.High;
        var rest = x - (y * first);
        var second = rest.High / y.High;
        rest -= y * second;
        return Ordered(first, second) + (rest.High / y.High);
    }

    /// <summary>The exact sum of two doubles.</summary>
    public static DoubleDouble SumOf(double x, double y)
    {
        var (high, low) = Sum(x, y);
        return new(high, low);
    }

    /// <summary>The number times a power of two.</summary>
    public DoubleDouble Scale(int exponent) => new(Math.ScaleB(High, exponent), Math.ScaleB(Low, exponent));

    public DoubleDouble Abs() => High < 0 ? -this : this;

    public DoubleDouble Sqrt()
    {
        if (High == 0)
        {
            return this;
        }

        DoubleDouble root = Math.Sqrt(High);
        return root + ((this - (root * root)) / (root * 2));
    }

    /// <summary>e to the number, less 1, without the factor 2ⁿ that belongs to the 1, too: e^x = (1 + result) 2ⁿ.</summary>
    public (DoubleDouble LessOne, int Exponent) Exp()
    {
        const int halvings = 8;
        var n = (int)Math.Round(High / Ln2.High);
        var rest = (this - (Ln2 * n)).Scale(-halvings);
        var (term, sum) = (rest, rest);
        for (var k = 2; k < 14; k++)
        {
            term = term * rest / k;
            sum += term;
        }

        for (var i = 0; i < halvings; i++)
        {
            sum = (sum * 2) + (sum * sum);
        }

        return (sum, n);
    }

    /// <summary>ln(1 + x) of x between -0.3 and 0.5, which loses nothing near 0.</summary>
    public DoubleDouble LogOfOnePlus()
    {
        // 2 atanh s
        var s = this / (this + 2);
        var square = s * s;
        var (power, sum) = (s, s);
        for (var k = 3; Math.Abs(power.High) > Math.Abs(s.High) * 1e-33 && power.High != 0; k += 2)
        {
            power *= square;
            sum += power / k;
        }

        return sum * 2;
    }

    /// <summary>The natural logarithm as n ln 2 and a remainder, without adding them.</summary>
    public (int Exponent, DoubleDouble Remainder) Log()
    {
        var n = Math.ILogB(High);
        var m = Scale(-n);
        if (m.High > 1.4142135623730951)
        {
            (m, n) = (m.Scale(-1), n + 1);
        }

        return (n, (m - 1).LogOfOnePlus());
    }

    /// <summary>Sine and cosine by their series; exact to the last digit for |x| up to about 1.</summary>
    public (DoubleDouble Sin, DoubleDouble Cos) SinCos()
    {
        var square = -(this * this);
        var (sin, cos, sine, cosine) = (this, (DoubleDouble)1, this, (DoubleDouble)1);
        for (var k = 1; k < 16; k++)
        {
            cosine = cosine * square / ((2 * k) * ((2 * k) - 1));
            sine = sine * square / ((2 * k) * ((2 * k) + 1));
            cos += cosine;
            sin += sine;
        }

        return (sin, cos);
    }

    /// <summary>An integer times 2^-<paramref name="scale"/>.</summary>
    public static DoubleDouble From(BigInteger value, int scale)
    {
        var surplus = Math.Max(0, (int)BigInteger.Abs(value).GetBitLength() - 200);
        var kept = value >> surplus;
        var high = (double)kept;
        return new DoubleDouble(high, (double)(kept - new BigInteger(high))).Scale(surplus - scale);
    }

    private static (double High, double Low) Sum(double x, double y)
    {
        var sum = x + y;
        var back = sum - x;
        return (sum, x - (sum - back) + (y - back));
    }

    private static DoubleDouble Ordered(double high, double low)
    {
        var sum = high + low;
        return new(sum, high - sum + low);
    }
}
