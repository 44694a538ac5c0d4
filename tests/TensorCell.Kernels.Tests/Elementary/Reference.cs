using System.Globalization;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Elementary;

/// <summary>Elementary functions in double precision, by the runtime's library and, where it has none, by series that it does not share.</summary>
internal static class Reference
{
    /// <summary>The function of an f32, to some 10⁻¹³ of itself: all that an f32 result needs, and cheaper than the last digit of an f64.</summary>
    public static double Of(UnaryOperation operation, float x) =>
        operation == UnaryOperation.Erf && MathF.Abs(x) is >= 1e-8f and <= 3 ? Math.CopySign(ErfSeries(Math.Abs((double)x)), x) : Of(operation, (double)x);

    public static double Of(UnaryOperation operation, double x) => operation switch
    {
        UnaryOperation.ReciprocalSqrt => 1 / Math.Sqrt(x),
        UnaryOperation.Cbrt => Math.Cbrt(x),
        UnaryOperation.Exp => Math.Exp(x),
        UnaryOperation.Exp2 => Math.Pow(2, x),
        UnaryOperation.ExpM1 => ExpM1(x),
        UnaryOperation.Log => Math.Log(x),
        UnaryOperation.Log2 => Math.Log2(x),
        UnaryOperation.Log10 => Math.Log10(x),
        UnaryOperation.Log1P => Log1P(x),
        UnaryOperation.Sin => Math.Sin(x),
        UnaryOperation.Cos => Math.Cos(x),
        UnaryOperation.Tan => Math.Tan(x),
        UnaryOperation.Asin => Math.Asin(x),
        UnaryOperation.Acos => Math.Acos(x),
        UnaryOperation.Atan => Math.Atan(x),
        UnaryOperation.Sinh => Math.Sinh(x),
        UnaryOperation.Cosh => Math.Cosh(x),
        UnaryOperation.Tanh => Math.Tanh(x),
        UnaryOperation.Asinh => Math.Asinh(x),
        UnaryOperation.Acosh => Math.Acosh(x),
        UnaryOperation.Atanh => Math.Atanh(x),
        UnaryOperation.Sigmoid => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x)),
        UnaryOperation.Erf => Erf(x),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    // sinh loses nothing near 0, and e^x - 1 = 2 sinh(x/2) e^(x/2).
    private static double ExpM1(double x) =>
        Math.Abs(x) < 1 ? 2 * Math.Sinh(x / 2) * Math.Exp(x / 2) : Math.Exp(x) - 1;

    // atanh loses nothing near 0, and ln(1 + x) = 2 atanh(x/(2 + x)).
    private static double Log1P(double x) => Math.Abs(x) < 0.5 ? 2 * Math.Atanh(x / (2 + x)) : Math.Log(1 + x);

    /// <summary>The Maclaurin series in decimal arithmetic where it converges fast, else 1 less a continued fraction.</summary>
    private static double Erf(double x)
    {
        var magnitude = Math.Abs(x);
        if (double.IsNaN(x) || magnitude == 0)
        {
            return x;
        }

        if (magnitude > 6)
        {
            return Math.Sign(x);
        }

        if (magnitude < 1e-8)
        {
            return x * 1.1283791670955126;
        }

        if (magnitude > 3)
        {
            var fraction = 0.0;
            for (var k = 60; k > 0; k--)
            {
                fraction = k / 2.0 / (magnitude + fraction);
            }

            return Math.Sign(x) * (1 - (Math.Exp(-magnitude * magnitude) / (magnitude + fraction) * 0.5641895835477563));
        }

        // erf x = 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!, all of whose terms are positive.
        var exact = Exact(magnitude);
        var (square, term, sum) = (exact * exact, exact, exact);
        for (var n = 1; n < 120; n++)
        {
            term *= 2 * square / ((2 * n) + 1);
            sum += term;
        }

        var lost = (double)(square - Exact((double)square));
        return Math.Sign(x) * Math.Exp(-(double)square) * (1 - lost) * (double)(sum * 1.1283791670955125738961589031m);
    }

    /// <summary>The Maclaurin series times e^(x²) in doubles, whose terms are all positive, so that they lose nothing.</summary>
    private static double ErfSeries(double x)
    {
        // The square of an f32 is exact.
        var square = x * x;
        var (term, sum) = (x, x);
        for (var n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * square / ((2 * n) + 1);
            sum += term;
        }

        return Math.Exp(-square) * sum * 1.1283791670955126;
    }

    // A cast would round to 15 digits.
    private static decimal Exact(double x) =>
        decimal.Parse(x.ToString("F28", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
