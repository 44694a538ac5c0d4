namespace TensorCell.Kernels.Elementary;

/// <summary>
/// eˣ and its relatives: x = n ln 2 + r with |r| ≤ ½ ln 2, a minimax polynomial in r (coefficients.py), and a power of two made from bits.
/// </summary>
internal static class Exponential
{
    private const float Ln2High32 = 0.693359375f;
    private const float Ln2Low32 = -2.12194440e-4f;
    private const double Ln2High64 = 0.6931471803691238;
    private const double Ln2Low64 = 1.9082149292705877e-10;

    // Adding these rounds to an integer, which then stands in the lowest bits of the sum, twice the exponents' bias added: a half of that is
    // an exponent with its bias. What stands above it is zero as far as a shift to the exponent's place leaves anything of it.
    private const float Rounder32 = 12582912f + (2 * Bias32);
    private const double Rounder64 = 6755399441055744 + (2 * Bias64);
    private const int Bias32 = 127;
    private const int Bias64 = 1023;

    /// <summary>eˣ.</summary>
    [WithinUlp(1.1)]
    public static float Exp(float x)
    {
        // Beyond these the result is infinite or 0. A NaN passes through both comparisons.
        x = x > 89f ? 89f : x;
        x = x < -104f ? -104f : x;
        var (n, r) = Reduce(x);
        return Scale(LessOne(r), n);
    }

    /// <summary>eˣ.</summary>
    [WithinUlp(1)]
    public static double Exp(double x)
    {
        x = x > 710.0 ? 710.0 : x;
        x = x < -746.0 ? -746.0 : x;
        var (n, r) = Reduce(x);
        return Scale(LessOne(r), n);
    }

    /// <summary>2ˣ.</summary>
    [WithinUlp(1.1)]
    public static float Exp2(float x)
    {
        x = x > 129f ? 129f : x;
        x = x < -151f ? -151f : x;
        var shifted = x + Rounder32;
        var r = (x - (shifted - Rounder32)) * 0.693147181f;
        return Scale(LessOne(r), Bits(shifted));
    }

    /// <summary>2ˣ.</summary>
    [WithinUlp(1)]
    public static double Exp2(double x)
    {
        x = x > 1025.0 ? 1025.0 : x;
        x = x < -1076.0 ? -1076.0 : x;
        var shifted = x + Rounder64;
        var rest = x - (shifted - Rounder64);
        var r = rest * 0.6931471805599453;
        // What rounding the product lost.
        var low = Math.FusedMultiplyAdd(rest, 0.6931471805599453, -r);
        return Scale(Math.FusedMultiplyAdd(r * r, Series(r), low) + r, Bits(shifted));
    }

    /// <summary>eˣ - 1.</summary>
    [WithinUlp(2)]
    public static float ExpM1(float x)
    {
        var bounded = x > 89f ? 89f : x;
        bounded = bounded < -20f ? -20f : bounded;
        var (n, r) = Reduce(bounded);
        var half = Power32(n - Bias32 - 1);
        return MathF.CopySign(2f * MathF.FusedMultiplyAdd(half, LessOne(r), half - 0.5f), x);
    }

    /// <summary>eˣ - 1.</summary>
    [WithinUlp(2)]
    public static double ExpM1(double x)
    {
        x = x > 710.0 ? 710.0 : x;
        x = x < -40.0 ? -40.0 : x;
        var (n, r) = Reduce(x);
        // Half of the power of two, since twice the largest one is not finite.
        var half = Power64(n - Bias64 - 1);
        // The sign is that of x, of zeros, too.
        return Math.CopySign(2.0 * Math.FusedMultiplyAdd(half, LessOne(r), half - 0.5), x);
    }

    /// <summary>eˣ - 1 of 0 ≤ x ≤ 20, within 1.5 ulp: what the hyperbolic tangent needs.</summary>
    internal static float ExpM1Moderate(float x)
    {
        var (n, r) = Reduce(x);
        var power = Power32(n - Bias32);
        return MathF.FusedMultiplyAdd(power, LessOne(r), power - 1f);
    }

    /// <summary>e^(high + low) of |high| &lt; 745 and a low part below its ulp, within 1 ulp.</summary>
    internal static double ExpOfSum(double high, double low)
    {
        high = high > 710.0 ? 710.0 : high;
        high = high < -746.0 ? -746.0 : high;
        var (n, r) = Reduce(high);
        return Scale(LessOne(r + low), n);
    }

    /// <summary>2^(high + low) of a low part that is small, within 1.3 ulp.</summary>
    internal static float Exp2OfSum(float high, float low)
    {
        high = high > 200f ? 200f : high;
        high = high < -200f ? -200f : high;
        var shifted = high + Rounder32;
        var r = high - (shifted - Rounder32) + low;
        var p = MathF.FusedMultiplyAdd(r, 1.5478245733247565e-4f, 1.3400569981119315e-3f);
        p = MathF.FusedMultiplyAdd(r, p, 9.617997785553671e-3f);
        p = MathF.FusedMultiplyAdd(r, p, 5.5503270532292559e-2f);
        p = MathF.FusedMultiplyAdd(r, p, 2.4022651388827443e-1f);
        p = MathF.FusedMultiplyAdd(r, p, 6.9314720657689931e-1f);
        return Scale(r * p, Bits(shifted));
    }

    /// <summary>
    /// What the hyperbolic functions of 0 ≤ x are made of: the sum and the difference of eⁿ^ln2 and e⁻ⁿ^ln2, a quarter of each, and the
    /// hyperbolic sine and the cosine, less one, of what is left of x.
    /// </summary>
    internal static (float Sum, float Difference, float Sine, float CosineLessOne) Hyperbolic(float x)
    {
        // Beyond, the results are infinite.
        var (n, r) = Reduce(x > 89.5f ? 89.5f : x);
        var z = r * r;
        var sine = MathF.FusedMultiplyAdd(z, 1.9907584856403142e-4f, 8.3332860073188414e-3f);
        sine = MathF.FusedMultiplyAdd(z, sine, 1.6666666756455064e-1f);
        sine = MathF.FusedMultiplyAdd(r * z, sine, r);
        var cosine = MathF.FusedMultiplyAdd(z, 1.3933652487808069e-3f, 4.1666487327690172e-2f);
        cosine = z * MathF.FusedMultiplyAdd(z, cosine, 0.5f);
        // Powers below the normal numbers add nothing.
        var power = Power32(n - Bias32 - 2);
        var inverse = Power32(Math.Max(Bits(Rounder32) - n + Bias32 - 2, 0));
        return (power + inverse, power - inverse, sine, cosine);
    }

    /// <summary>x = n ln 2 + r, and the bits of n with twice the bias.</summary>
    private static (int N, float R) Reduce(float x)
    {
        var shifted = MathF.FusedMultiplyAdd(x, 1.44269504f, Rounder32);
        var n = shifted - Rounder32;
        return (Bits(shifted), MathF.FusedMultiplyAdd(n, -Ln2Low32, MathF.FusedMultiplyAdd(n, -Ln2High32, x)));
    }

    /// <summary>x = n ln 2 + r, and the bits of n with twice the bias.</summary>
    private static (long N, double R) Reduce(double x)
    {
        var shifted = Math.FusedMultiplyAdd(x, 1.4426950408889634, Rounder64);
        var n = shifted - Rounder64;
        return (Bits(shifted), Math.FusedMultiplyAdd(n, -Ln2Low64, Math.FusedMultiplyAdd(n, -Ln2High64, x)));
    }

    private static float LessOne(float r)
    {
        var p = MathF.FusedMultiplyAdd(r, 1.3882501099e-3f, 8.366518067736767e-3f);
        p = MathF.FusedMultiplyAdd(r, p, 4.1667200159662053e-2f);
        p = MathF.FusedMultiplyAdd(r, p, 1.6666543658283758e-1f);
        p = MathF.FusedMultiplyAdd(r, p, 4.9999998153806869e-1f);
        return MathF.FusedMultiplyAdd(r * r, p, r);
    }

    private static double LessOne(double r) => Math.FusedMultiplyAdd(r * r, Series(r), r);

    /// <summary>(eʳ - 1 - r) / r².</summary>
    private static double Series(double r)
    {
        var p = Math.FusedMultiplyAdd(r, 2.0875207536740435589e-9, 2.5108978934991539183e-8);
        p = Math.FusedMultiplyAdd(r, p, 2.7557403038364961189e-7);
        p = Math.FusedMultiplyAdd(r, p, 2.755724437424482674e-6);
        p = Math.FusedMultiplyAdd(r, p, 2.4801587172077496402e-5);
        p = Math.FusedMultiplyAdd(r, p, 1.9841269885965434173e-4);
        p = Math.FusedMultiplyAdd(r, p, 1.3888888888962602444e-3);
        p = Math.FusedMultiplyAdd(r, p, 8.3333333333216921233e-3);
        p = Math.FusedMultiplyAdd(r, p, 4.1666666666666508324e-2);
        p = Math.FusedMultiplyAdd(r, p, 1.6666666666666676506e-1);
        return Math.FusedMultiplyAdd(r, p, 0.5);
    }

    private static int Bits(float shifted) => BitConverter.SingleToInt32Bits(shifted);

    private static long Bits(double shifted) => BitConverter.DoubleToInt64Bits(shifted);

    // (1 + m) 2ⁿ in two steps, since 2ⁿ itself may lie outside the normal numbers where the product does not.
    private static float Scale(float m, int n)
    {
        var half = (int)((uint)n >> 1);
        var power = Power32(half);
        return MathF.FusedMultiplyAdd(m, power, power) * Power32(n - half);
    }

    private static double Scale(double m, long n)
    {
        // A logical shift: an arithmetic one of 64 bits has no vector instruction before AVX-512.
        var half = (long)((ulong)n >> 1);
        var power = Power64(half);
        return Math.FusedMultiplyAdd(m, power, power) * Power64(n - half);
    }

    /// <summary>The power of two whose exponent, with its bias, stands in the lowest bits.</summary>
    private static float Power32(int exponent) => BitConverter.Int32BitsToSingle(exponent << 23);

    private static double Power64(long exponent) => BitConverter.Int64BitsToDouble(exponent << 52);
}
