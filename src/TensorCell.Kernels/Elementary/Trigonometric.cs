namespace TensorCell.Kernels.Elementary;

/// <summary>
/// Sine, cosine and tangent of radians: the nearest multiple of π/2 is taken away, then minimax polynomials on [-π/4, π/4] (coefficients.py).
/// </summary>
internal static class Trigonometric
{
    // Adding this rounds to an integer, which then stands in the lowest bits of the sum: the two last are the quadrant.
    internal const double Rounder = 6755399441055744;
    internal const float Rounder32 = 12582912f;

    // What π/2 exceeds its f32 by, negated, in two parts.
    private const float HalfPiLow = 4.371138829e-8f;
    private const float HalfPiLowest = 1.71512451e-15f;

    /// <summary>The sine.</summary>
    [WithinUlp(1)]
    public static float Sin(float x)
    {
        var (quadrant, r, low) = Reduce(MathF.Abs(x));
        return HugeAngle.SinOfHuge(x, WithSignOf(x, Sin(quadrant, r, low)));
    }

    /// <summary>The cosine.</summary>
    [WithinUlp(1)]
    public static float Cos(float x)
    {
        var (quadrant, r, low) = Reduce(MathF.Abs(x));
        return HugeAngle.CosOfHuge(x, Cos(quadrant, r, low));
    }

    /// <summary>The tangent.</summary>
    [WithinUlp(2)]
    public static float Tan(float x)
    {
        var (quadrant, r, low) = ReduceExactly(MathF.Abs(x));
        return HugeAngle.TanOfHuge(x, WithSignOf(x, Tan(quadrant, r, low)));
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
    internal static float Sin(int quadrant, float r, float low) => ByQuadrant(quadrant, ShortSin(r, low), ShortCos(r, low));

    /// <summary>The cosine of such an angle.</summary>
    internal static float Cos(int quadrant, float r, float low) => ByQuadrant(quadrant + 1, ShortSin(r, low), ShortCos(r, low));

    /// <summary>The tangent of such an angle.</summary>
    internal static float Tan(int quadrant, float r, float low)
    {
        var (tangent, lost) = ShortTan(r, low);
        var odd = (quadrant & 1) != 0;
        var result = (odd ? 1f : tangent) / (odd ? -tangent : 1f);
        // What was lost counts in the inverse; in the tangent itself it is too little to change it.
        return MathF.FusedMultiplyAdd(result * result, lost, result);
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

    private static float ByQuadrant(int quadrant, float sin, float cos) => BitConverter.Int32BitsToSingle(
        BitConverter.SingleToInt32Bits((quadrant & 1) != 0 ? cos : sin) ^ ((quadrant & 2) << 30));

    /// <summary>The value, negated if x is negative, be it a zero.</summary>
    private static float WithSignOf(float x, float value) => BitConverter.Int32BitsToSingle(
        BitConverter.SingleToInt32Bits(value) ^ (BitConverter.SingleToInt32Bits(x) & int.MinValue));

    /// <summary>
    /// x = (4i + quadrant) π/2 + remainder + low for 0 ≤ x ≤ 2¹⁶, where only the two last bits of the quadrant count, by Cody and Waite's method
    /// with π/2 in three parts; what the low part lacks is below an ulp of the remainder.
    /// </summary>
    private static (int Quadrant, float Remainder, float Low) Reduce(float x)
    {
        var (quadrant, n, first) = ReduceOnce(x);
        var remainder = MathF.FusedMultiplyAdd(n, HalfPiLow, first);
        // What rounding lost; of smaller remainders it is little, and their difference would not be exact.
        var low = remainder * remainder > 4e-6f ? MathF.FusedMultiplyAdd(n, HalfPiLow, first - remainder) : 0f;
        return (quadrant, remainder, MathF.FusedMultiplyAdd(n, HalfPiLowest, low));
    }

    /// <summary>The same with all of the low part.</summary>
    private static (int Quadrant, float Remainder, float Low) ReduceExactly(float x)
    {
        var (quadrant, n, first) = ReduceOnce(x);
        var product = n * HalfPiLow;
        var remainder = first + product;
        var back = remainder - first;
        var low = first - (remainder - back) + (product - back) + MathF.FusedMultiplyAdd(n, HalfPiLow, -product);
        return (quadrant, remainder, MathF.FusedMultiplyAdd(n, HalfPiLowest, low));
    }

    /// <summary>x = n π/2 + remainder, without rounding, for the first part of π/2 alone, and the bits of n.</summary>
    private static (int Quadrant, float N, float Remainder) ReduceOnce(float x)
    {
        var shifted = MathF.FusedMultiplyAdd(x, 0.636619747f, Rounder32);
        var n = shifted - Rounder32;
        return (BitConverter.SingleToInt32Bits(shifted), n, MathF.FusedMultiplyAdd(n, -1.57079637f, x));
    }

    /// <summary>The same of an f64, with π/2 in three longer parts, which are too short for huge angles.</summary>
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

    private static float ShortSin(float r, float low)
    {
        var z = r * r;
        var p = MathF.FusedMultiplyAdd(z, -1.9502623223478927e-4f, 8.3320911158354966e-3f);
        p = MathF.FusedMultiplyAdd(z, p, -1.66666545301708e-1f);
        return r + MathF.FusedMultiplyAdd(r * z, p, low);
    }

    private static float ShortCos(float r, float low)
    {
        var z = r * r;
        var p = MathF.FusedMultiplyAdd(z, 2.4462493995726053e-5f, -1.388764452167639e-3f);
        p = MathF.FusedMultiplyAdd(z, p, 4.166665450735538e-2f);
        var one = MathF.FusedMultiplyAdd(z, -0.5f, 1f);
        var rest = MathF.FusedMultiplyAdd(-r, low, MathF.FusedMultiplyAdd(z, -0.5f, 1f - one));
        return one + MathF.FusedMultiplyAdd(z * z, p, rest);
    }

    /// <summary>The tangent in two parts.</summary>
    private static (float High, float Low) ShortTan(float r, float low)
    {
        var z = r * r;
        var p = MathF.FusedMultiplyAdd(z, 4.4599455786910238e-3f, -4.4061168532008346e-5f);
        p = MathF.FusedMultiplyAdd(z, p, 1.0903577384602287e-2f);
        p = MathF.FusedMultiplyAdd(z, p, 2.1275570727849559e-2f);
        p = MathF.FusedMultiplyAdd(z, p, 5.4056004979887272e-2f);
        p = MathF.FusedMultiplyAdd(z, p, 1.3332762489703773e-1f);
        p = MathF.FusedMultiplyAdd(z, p, 3.3333344128623858e-1f);
        var more = MathF.FusedMultiplyAdd(r * z, p, MathF.FusedMultiplyAdd(z, low, low));
        var high = r + more;
        return (high, r - high + more);
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
