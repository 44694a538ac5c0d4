namespace TensorCell.Kernels.Elementary;

/// <summary>
/// Sine, cosine and tangent of radians: the nearest multiple of π/2 is taken away, then minimax polynomials on [-π/4, π/4] (coefficients.py).
/// </summary>
internal static class Trigonometric
{
    // Adding this rounds to an integer, which then stands in the lowest bits of the sum: the two last are the quadrant.
    internal const double Rounder = 6755399441055744;

    /// <summary>The sine.</summary>
    [WithinUlp(1)]
    public static float Sin(float x)
    {
        var (quadrant, r) = Reduce(x);
        var z = r * r;
        // The reduction makes 0 of -0.
        return x == 0f ? x : (float)ByQuadrant(quadrant, ShortSin(r, z), ShortCos(z));
    }

    /// <summary>The cosine.</summary>
    [WithinUlp(1)]
    public static float Cos(float x)
    {
        var (quadrant, r) = Reduce(x);
        var z = r * r;
        return (float)ByQuadrant(quadrant + 1L, ShortSin(r, z), ShortCos(z));
    }

    /// <summary>The tangent.</summary>
    [WithinUlp(1)]
    public static float Tan(float x)
    {
        var (quadrant, r) = Reduce(x);
        var z = r * r;
        var (sin, cos) = (ShortSin(r, z), ShortCos(z));
        return x == 0f ? x : (float)(IsOdd(quadrant) ? -cos / sin : sin / cos);
    }

    /// <summary>The sine.</summary>
    [WithinUlp(2)]
    public static double Sin(double x)
    {
        var (quadrant, r, low) = Reduce(x);
        return HugeAngle.SinOfHuge(x, x == 0.0 ? x : Sin(quadrant, r, low));
    }

    /// <summary>The cosine.</summary>
    [WithinUlp(2)]
    public static double Cos(double x)
    {
        var (quadrant, r, low) = Reduce(x);
        return HugeAngle.CosOfHuge(x, Cos(quadrant, r, low));
    }

    /// <summary>The tangent.</summary>
    [WithinUlp(4)]
    public static double Tan(double x)
    {
        var (quadrant, r, low) = Reduce(x);
        return HugeAngle.TanOfHuge(x, x == 0.0 ? x : Tan(quadrant, r, low));
    }

    /// <summary>The sine of an angle of some quadrants and up to π/4 beside them, in two parts.</summary>
    internal static double Sin(long quadrant, double r, double low) => ByQuadrant(quadrant, LongSin(r, low), LongCos(r, low));

    /// <summary>The cosine of such an angle.</summary>
    internal static double Cos(long quadrant, double r, double low) => ByQuadrant(quadrant + 1L, LongSin(r, low), LongCos(r, low));

    /// <summary>The tangent of such an angle.</summary>
    internal static double Tan(long quadrant, double r, double low)
    {
        var (sin, cos) = (LongSin(r, low), LongCos(r, low));
        return IsOdd(quadrant) ? -cos / sin : sin / cos;
    }

    private static double ByQuadrant(long quadrant, double sin, double cos)
    {
        var value = IsOdd(quadrant) ? cos : sin;
        var sign = (quadrant & 2L) << 62;
        return BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) ^ sign);
    }

    private static bool IsOdd(long quadrant) => (quadrant & 1L) != 0L;

    /// <summary>x = (4i + quadrant) π/2 + remainder, where only the two last bits of the quadrant count, by Payne and Hanek's method with 2/π in seven pieces of 29 bits.</summary>
    private static (long Quadrant, double Remainder) Reduce(float x)
    {
        // 24 bits by 29 are exact in a double, and a multiple of four quadrants may be dropped from each product.
        double wide = x;
        var a = ModuloFour(wide * 0.636619770899415);
        var b = ModuloFour(wide * 1.4681663246252086e-09);
        var c = ModuloFour(wide * 2.2760100671971816e-18);
        var d = ModuloFour(wide * 5.8812147387730434e-27);
        var e = ModuloFour(wide * 1.0346868700836215e-35);
        var f = wide * 3.783256351091319e-45;
        var g = wide * 3.720474878517739e-53;
        var shifted = a + b + c + d + e + Rounder;
        var nearest = shifted - Rounder;
        var fraction = a - nearest + b + c + d + e + f + g;
        return (BitConverter.DoubleToInt64Bits(shifted), fraction * 1.5707963267948966);
    }

    /// <summary>The same with the remainder in two parts, by Cody and Waite's method with π/2 in three, which is too short for huge angles.</summary>
    private static (long Quadrant, double Remainder, double Low) Reduce(double x)
    {
        var shifted = Math.FusedMultiplyAdd(x, 0.6366197723675814, Rounder);
        var n = shifted - Rounder;
        var product = n * 1.5707963267948966;
        var high = x - product;
        var error = Math.FusedMultiplyAdd(n, 1.5707963267948966, -product);
        var first = high - error;
        var low = high - first - error;
        product = n * 6.123233995736766e-17;
        error = Math.FusedMultiplyAdd(n, 6.123233995736766e-17, -product);
        var second = first - product;
        low += Difference(first, product, second) - error;
        low = Math.FusedMultiplyAdd(n, 1.4973849048591698e-33, low);
        var remainder = second + low;
        return (BitConverter.DoubleToInt64Bits(shifted), remainder, second - remainder + low);
    }

    /// <summary>What rounding lost in difference = left - right.</summary>
    private static double Difference(double left, double right, double difference)
    {
        var back = difference - left;
        return left - (difference - back) - (right + back);
    }

    private static double ModuloFour(double x) => Math.FusedMultiplyAdd(-4.0, Math.Round(0.25 * x), x);

    private static double ShortSin(double r, double z)
    {
        var p = Math.FusedMultiplyAdd(z, 2.7173418372622550193e-6, -1.9839260753528924855e-4);
        p = Math.FusedMultiplyAdd(z, p, 8.3333293267064684072e-3);
        p = Math.FusedMultiplyAdd(z, p, -1.6666666644202189556e-1);
        return Math.FusedMultiplyAdd(r * z, p, r);
    }

    private static double ShortCos(double z)
    {
        var p = Math.FusedMultiplyAdd(z, -2.7237103776925344939e-7, 2.4799911001553664302e-5);
        p = Math.FusedMultiplyAdd(z, p, -1.3888885545483078427e-3);
        p = Math.FusedMultiplyAdd(z, p, 4.1666666647919789624e-2);
        return Math.FusedMultiplyAdd(z * z, p, Math.FusedMultiplyAdd(z, -0.5, 1.0));
    }

    private static double LongSin(double r, double low)
    {
        var z = r * r;
        var p = Math.FusedMultiplyAdd(z, 1.5894710581634463911e-10, -2.5050734571069488773e-8);
        p = Math.FusedMultiplyAdd(z, p, 2.7557313651853180508e-6);
        p = Math.FusedMultiplyAdd(z, p, -1.984126983014439407e-4);
        p = Math.FusedMultiplyAdd(z, p, 8.3333333333236621704e-3);
        p = Math.FusedMultiplyAdd(z, p, -1.6666666666666642148e-1);
        return r + Math.FusedMultiplyAdd(r * z, p, Math.FusedMultiplyAdd(-0.5 * z, low, low));
    }

    private static double LongCos(double r, double low)
    {
        var z = r * r;
        var p = Math.FusedMultiplyAdd(z, -1.1367981880469046194e-11, 2.0875897738682841919e-9);
        p = Math.FusedMultiplyAdd(z, p, -2.7557315738613275721e-7);
        p = Math.FusedMultiplyAdd(z, p, 2.4801587294628005435e-5);
        p = Math.FusedMultiplyAdd(z, p, -1.3888888888882839138e-3);
        p = Math.FusedMultiplyAdd(z, p, 4.1666666666666651329e-2);
        var half = 0.5 * z;
        var one = 1.0 - half;
        return one + (1.0 - one - half + Math.FusedMultiplyAdd(z * z, p, -r * low));
    }
}
