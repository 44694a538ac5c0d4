using System.Numerics;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Elementary;

/// <summary>
/// Elementary functions to some thirty digits, in ways that the functions tested do not share: series in <see cref="DoubleDouble"/>, and
/// integers of any length for angles.
/// </summary>
internal static class ExactReference
{
    private const int AngleBits = 1300;

    private static readonly BigInteger halfPi = HalfPi();

    public static ExactValue Of(UnaryOperation operation, double x)
    {
        var runtime = Reference.Of(operation, x);
        if (x == 0 || !double.IsFinite(x) || double.IsNaN(runtime))
        {
            return operation == UnaryOperation.Exp2 && x == 0 ? 1 : runtime;
        }

        return operation switch
        {
            UnaryOperation.ReciprocalSqrt => ReciprocalSqrt(x),
            UnaryOperation.Cbrt => Cbrt(x, runtime),
            UnaryOperation.Exp => Plus(new DoubleDouble(Math.Clamp(x, -2000, 2000), 0).Exp()),
            UnaryOperation.Exp2 => Exp2(Math.Clamp(x, -2000, 2000)),
            UnaryOperation.ExpM1 => ExpM1(Math.Clamp(x, -2000, 2000)),
            UnaryOperation.Log => Logarithm(x),
            UnaryOperation.Log2 => Log2(x),
            UnaryOperation.Log10 => Logarithm(x) / DoubleDouble.Ln10,
            UnaryOperation.Log1P => LogOfOnePlus(x),
            UnaryOperation.Sin => SinCos(x).Sin,
            UnaryOperation.Cos => SinCos(x).Cos,
            UnaryOperation.Tan => Tan(x),
            UnaryOperation.Asin => IsTiny(x) ? x : Angle(x, OneLessSquare(x).Sqrt()),
            UnaryOperation.Acos => Angle(OneLessSquare(x).Sqrt(), x),
            UnaryOperation.Atan => Atan2(x, 1),
            UnaryOperation.Sinh => Signed(x, Sinh(Math.Abs(x))),
            UnaryOperation.Cosh => Cosh(Math.Abs(x)),
            UnaryOperation.Tanh => Signed(x, Tanh(Math.Abs(x))),
            UnaryOperation.Asinh => Signed(x, Asinh(Math.Abs(x))),
            UnaryOperation.Acosh => Acosh(x),
            UnaryOperation.Atanh => Signed(x, Atanh(Math.Abs(x))),
            UnaryOperation.Sigmoid => Sigmoid(x),
            UnaryOperation.Erf => Signed(x, Erf(Math.Abs(x))),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
        };
    }

    public static ExactValue Of(BinaryOperation operation, double x, double y) => operation switch
    {
        BinaryOperation.Pow => Pow(x, y),
        BinaryOperation.Atan2 => Atan2(x, y),
        _ => Hypot(x, y),
    };

    // Functions of such numbers are the numbers, as far as anyone can tell.
    private static bool IsTiny(double x) => Math.Abs(x) < 1e-30;

    private static ExactValue Signed(double sign, ExactValue magnitude) => sign < 0 ? magnitude with { Value = -magnitude.Value } : magnitude;

    private static ExactValue Plus((DoubleDouble LessOne, int Exponent) power) => new(power.LessOne + 1, power.Exponent);

    private static ExactValue Exp2(double x)
    {
        var n = Math.Round(x);
        var (lessOne, more) = (DoubleDouble.Ln2 * (x - n)).Exp();
        return new(lessOne + 1, (int)n + more);
    }

    private static ExactValue ExpM1(double x)
    {
        var (lessOne, n) = ((DoubleDouble)x).Exp();
        return IsTiny(x) ? x
            : n == 0 ? lessOne
            : n > 0 ? new ExactValue(lessOne + 1 - Math.ScaleB(1, -n), n)
            : (lessOne + 1).Scale(n) - 1;
    }

    private static DoubleDouble Logarithm(DoubleDouble x)
    {
        var (n, rest) = x.Log();
        return (DoubleDouble.Ln2 * n) + rest;
    }

    private static DoubleDouble Log2(double x)
    {
        var (n, rest) = ((DoubleDouble)x).Log();
        return (rest / DoubleDouble.Ln2) + n;
    }

    private static ExactValue LogOfOnePlus(double x) => x == -1 ? double.NegativeInfinity : IsTiny(x) ? x : Log1P(x);

    private static DoubleDouble Log1P(DoubleDouble x) => x.High is > -0.3 and < 0.5 ? x.LogOfOnePlus() : Logarithm(x + 1);

    private static ExactValue ReciprocalSqrt(double x)
    {
        var half = Math.ILogB(x) >> 1;
        return new(1 / ((DoubleDouble)Math.ScaleB(x, -2 * half)).Sqrt(), -half);
    }

    private static ExactValue Cbrt(double x, double runtime)
    {
        var third = Math.ILogB(x) / 3;
        DoubleDouble root = Math.ScaleB(runtime, -third);
        return new(root - (((root * root * root) - Math.ScaleB(x, -3 * third)) / (root * root * 3)), third);
    }

    private static (ExactValue Sin, ExactValue Cos) SinCos(double x)
    {
        if (IsTiny(x))
        {
            return (x, 1);
        }

        var (quadrant, rest) = Reduced(x);
        var (sin, cos) = rest.SinCos();
        return quadrant switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    private static ExactValue Tan(double x)
    {
        var (sin, cos) = SinCos(x);
        return IsTiny(x) ? x : sin.Value / cos.Value;
    }

    /// <summary>x = (4i + quadrant) π/2 + remainder, by integers of as many bits as that takes.</summary>
    private static (int Quadrant, DoubleDouble Remainder) Reduced(double x)
    {
        if (Math.Abs(x) < 0.75)
        {
            return (0, x);
        }

        var exponent = Math.ILogB(x) - 52;
        var scaled = new BigInteger(Math.ScaleB(x, -exponent)) << (AngleBits + exponent);
        var quadrants = BigInteger.Divide((2 * scaled) + (scaled.Sign * halfPi), 2 * halfPi);
        return ((int)(quadrants & 3), DoubleDouble.From(scaled - (quadrants * halfPi), AngleBits));
    }

    /// <summary>The angle of a point that is no nearer to an axis than some 2⁻¹⁰⁰ of its distance: what the runtime says, and what it lacks.</summary>
    private static DoubleDouble Angle(DoubleDouble y, DoubleDouble x)
    {
        var guess = Math.Atan2(y.High, x.High);
        var (sin, cos) = SinCos(guess);
        var lacking = ((y * cos.Value) - (x * sin.Value)) / ((x * cos.Value) + (y * sin.Value));
        return lacking + guess;
    }

    private static ExactValue Atan2(double y, double x)
    {
        var runtime = Math.Atan2(y, x);
        if (!double.IsFinite(x) || !double.IsFinite(y) || y == 0 || x == 0)
        {
            // A multiple of a quarter of π, whose digits a double does not hold.
            return runtime == 0 || double.IsNaN(runtime) ? runtime : DoubleDouble.HalfPi * Math.Round(runtime / 0.7853981633974483) / 2;
        }

        var (up, across) = (Math.ILogB(y), Math.ILogB(x));
        DoubleDouble significand = Math.ScaleB(y, -up);
        if (across - up > 90)
        {
            return x > 0 ? new ExactValue(significand / Math.ScaleB(x, -across), up - across)
                : (DoubleDouble.HalfPi * (2 * Math.Sign(y))) + (significand / Math.ScaleB(x, -across)).Scale(Math.Max(-500, up - across));
        }

        return up - across > 90 ? DoubleDouble.HalfPi * Math.Sign(y) - ((DoubleDouble)Math.ScaleB(x, -across) / significand).Scale(Math.Max(-500, across - up))
            : Angle(significand, Math.ScaleB(x, -up));
    }

    private static DoubleDouble OneLessSquare(double x) => DoubleDouble.SumOf(1, -x) * DoubleDouble.SumOf(1, x);

    private static ExactValue Sinh(double x)
    {
        var (lessOne, n) = ((DoubleDouble)Math.Min(x, 2000)).Exp();
        var power = lessOne + 1;
        if (n > 100)
        {
            return new(power, n - 1);
        }

        var e = n == 0 ? lessOne : power.Scale(n) - 1;
        return IsTiny(x) ? x : (e + (e / (e + 1))) / 2;
    }

    private static ExactValue Cosh(double x)
    {
        var (lessOne, n) = ((DoubleDouble)Math.Min(x, 2000)).Exp();
        var power = lessOne + 1;
        return n > 100 ? new ExactValue(power, n - 1) : (power.Scale(n) + (1 / power.Scale(n))) / 2;
    }

    private static ExactValue Tanh(double x)
    {
        var (lessOne, n) = ((DoubleDouble)Math.Min(2 * x, 200)).Exp();
        var e = n == 0 ? lessOne : (lessOne + 1).Scale(n) - 1;
        return IsTiny(x) ? x : e / (e + 2);
    }

    private static ExactValue Asinh(double x)
    {
        if (x > 1e30)
        {
            return Logarithm(x) + DoubleDouble.Ln2;
        }

        var square = (DoubleDouble)x * x;
        return IsTiny(x) ? x : Log1P(x + (square / ((square + 1).Sqrt() + 1)));
    }

    private static ExactValue Acosh(double x)
    {
        var t = DoubleDouble.SumOf(x, -1);
        return x == 1 ? 0 : x > 1e30 ? Logarithm(x) + DoubleDouble.Ln2 : Log1P(t + (t * (t + 2)).Sqrt());
    }

    private static ExactValue Atanh(double x) => IsTiny(x) ? x
        : x == 1 ? double.PositiveInfinity
        : Log1P((DoubleDouble)x * 2 / DoubleDouble.SumOf(1, -x)) / 2;

    private static ExactValue Sigmoid(double x)
    {
        var (lessOne, n) = ((DoubleDouble)Math.Max(-Math.Abs(x), -2000)).Exp();
        var power = lessOne + 1;
        var whole = power.Scale(Math.Max(n, -500)) + 1;
        return x > 0 ? 1 / whole : new ExactValue(power / whole, n);
    }

    /// <summary>2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!, all of whose terms are positive.</summary>
    private static ExactValue Erf(double x)
    {
        if (IsTiny(x))
        {
            var exponent = Math.ILogB(x);
            return new(DoubleDouble.ErfScale * Math.ScaleB(x, -exponent), exponent);
        }

        if (x > 8)
        {
            return 1;
        }

        var square = (DoubleDouble)x * x;
        var (term, sum) = ((DoubleDouble)x, (DoubleDouble)x);
        for (var n = 1; term.High > sum.High * 1e-33; n++)
        {
            term = term * square * 2 / ((2 * n) + 1);
            sum += term;
        }

        var (lessOne, scale) = (-square).Exp();
        return ((lessOne + 1) * sum * DoubleDouble.ErfScale).Scale(scale);
    }

    private static ExactValue Pow(double x, double y)
    {
        var runtime = Math.Pow(x, y);
        if (!double.IsFinite(x) || !double.IsFinite(y) || x == 0 || y == 0 || double.IsNaN(runtime))
        {
            return runtime;
        }

        var (n, rest) = ((DoubleDouble)Math.Abs(x)).Log();
        var logarithm = (DoubleDouble.Ln2 * n) + rest;
        var beyond = Math.Abs(logarithm.High) * Math.Abs(y) > 2000;
        var product = beyond ? Math.Sign(logarithm.High) * Math.Sign(y) * 2000 : logarithm * y;
        return Signed(double.IsNegative(runtime) ? -1 : 1, Plus(product.Exp()));
    }

    private static ExactValue Hypot(double x, double y)
    {
        var runtime = double.Hypot(x, y);
        if (!double.IsFinite(x) || !double.IsFinite(y) || runtime == 0)
        {
            return runtime;
        }

        var exponent = Math.Max(Math.ILogB(x), Math.ILogB(y));
        var (a, b) = (Math.ScaleB(x, -exponent), Math.ScaleB(y, -exponent));
        return new((((DoubleDouble)a * a) + ((DoubleDouble)b * b)).Sqrt(), exponent);
    }

    /// <summary>π/2 · 2^1300 by Machin's formula.</summary>
    private static BigInteger HalfPi()
    {
        const int guard = 64;
        var one = BigInteger.One << (AngleBits + guard);
        return ((8 * ArctangentOfReciprocal(5, one)) - (2 * ArctangentOfReciprocal(239, one))) >> guard;
    }

    private static BigInteger ArctangentOfReciprocal(int x, BigInteger one)
    {
        var (power, sum) = (one / x, one / x);
        for (var k = 3; !power.IsZero; k += 2)
        {
            power /= -(x * x);
            sum += power / k;
        }

        return sum;
    }
}
