namespace TensorCell.Kernels.Elementary;

/// <summary>
/// Logarithms: x = 2ᵏ m with √½ ≤ m &lt; √2; in f32 a minimax polynomial in m - 1, in f64 one in s = (m - 1)/(m + 1)
/// (coefficients.py; the order of summation is that of fdlibm).
/// </summary>
internal static class Logarithm
{
    // The bits of √½: what exceeds them by less than an exponent's unit lies in [√½, √2).
    private const int SqrtHalf = 0x3F3504F3;

    private const double Ln2High = 0.6931471803691238;
    private const double Ln2Low = 1.9082149292705877e-10;

    /// <summary>ln x.</summary>
    [WithinUlp(1)]
    public static float Log(float x)
    {
        var (k, f) = Split(x);
        return Ends(x, OfParts(k, f, 0f));
    }

    /// <summary>The logarithm to base 2; exact for powers of two.</summary>
    [WithinUlp(2)]
    public static float Log2(float x)
    {
        var (k, f) = Split(x);
        var square = f * f;
        var low = MathF.FusedMultiplyAdd(square * f, Series(f), -0.5f * square);
        return Ends(x, k + MathF.FusedMultiplyAdd(f, 1.44269502f, MathF.FusedMultiplyAdd(f, 1.92596299e-8f, low * 1.44269502f)));
    }

    /// <summary>The logarithm to base 10.</summary>
    [WithinUlp(2)]
    public static float Log10(float x)
    {
        var (k, f) = Split(x);
        var square = f * f;
        var low = MathF.FusedMultiplyAdd(square * f, Series(f), -0.5f * square);
        var rest = MathF.FusedMultiplyAdd(k, 7.90341517e-7f, MathF.FusedMultiplyAdd(f, -1.010305e-8f, low * 0.434294492f));
        return Ends(x, MathF.FusedMultiplyAdd(k, 0.301029205f, MathF.FusedMultiplyAdd(f, 0.434294492f, rest)));
    }

    /// <summary>ln x.</summary>
    [WithinUlp(1)]
    public static double Log(double x)
    {
        var (k, f) = Split(x);
        var s = f / (2.0 + f);
        var half = 0.5 * f * f;
        var result = Math.FusedMultiplyAdd(k, Ln2High, f - (half - Math.FusedMultiplyAdd(s, half + Series(s * s), k * Ln2Low)));
        return Ends(x, result);
    }

    /// <summary>The logarithm to base 2; exact for powers of two.</summary>
    [WithinUlp(2)]
    public static double Log2(double x)
    {
        var (k, high, low) = Parts(x);
        return Ends(x, k + Math.FusedMultiplyAdd(high, 1.4426950408889634, Math.FusedMultiplyAdd(high, 2.0355273740931033e-17, low * 1.4426950408889634)));
    }

    /// <summary>The logarithm to base 10.</summary>
    [WithinUlp(2)]
    public static double Log10(double x)
    {
        var (k, high, low) = Parts(x);
        var rest = Math.FusedMultiplyAdd(high, 1.098319650216765e-17, low * 0.4342944819032518);
        rest = Math.FusedMultiplyAdd(k, 1.1451100898021838e-10, rest);
        return Ends(x, Math.FusedMultiplyAdd(k, 0.3010299955494702, Math.FusedMultiplyAdd(high, 0.4342944819032518, rest)));
    }

    /// <summary>ln(1 + x).</summary>
    [WithinUlp(2)]
    public static float Log1P(float x)
    {
        // The sign is that of x, of zeros, too.
        var result = MathF.CopySign(OfOneAnd(x, 0f, 0f), x);
        result = x < float.PositiveInfinity ? result : x;
        return x > -1f ? result : x == -1f ? float.NegativeInfinity : float.NaN;
    }

    /// <summary>ln(1 + x).</summary>
    [WithinUlp(2)]
    public static double Log1P(double x)
    {
        var sum = 1.0 + x;
        var lost = x < 1.0 ? x - (sum - 1.0) : 1.0 - (sum - x);
        var result = Log(sum) + (lost / sum);
        result = sum > 0.0 ? result : Log(sum);
        result = x < double.PositiveInfinity ? result : x;
        return Math.Abs(x) < 1e-290 ? x : result;
    }

    /// <summary>x = 2ᵏ (1 + f).</summary>
    internal static (double K, double F) Split(double x)
    {
        var subnormal = x < 2.2250738585072014e-308;
        var bits = BitConverter.DoubleToInt64Bits(subnormal ? x * 18014398509481984.0 : x);
        // The high half alone tells the exponent, and has a vector conversion to floating point on every machine.
        var exponent = ((int)((ulong)bits >> 32) - 0x3FE6A09E) >> 20;
        var f = BitConverter.Int64BitsToDouble(bits - ((long)exponent << 52)) - 1.0;
        return (exponent - (subnormal ? 54.0 : 0.0), f);
    }

    /// <summary>What the series adds to 2s, divided by s: z (2/3 + z (2/5 + …)) for z = s².</summary>
    internal static double Series(double z)
    {
        var p = Math.FusedMultiplyAdd(z, 0.14810519990824043188, 0.15313164375076817508);
        p = Math.FusedMultiplyAdd(z, p, 0.1818357154116941519);
        p = Math.FusedMultiplyAdd(z, p, 0.22222199090893420181);
        p = Math.FusedMultiplyAdd(z, p, 0.28571428729284787536);
        p = Math.FusedMultiplyAdd(z, p, 0.39999999999519823484);
        p = Math.FusedMultiplyAdd(z, p, 0.66666666666667095388);
        return z * p;
    }

    /// <summary>ln x = k ln 2 + high + low, where high + low keeps more digits than a double.</summary>
    private static (double K, double High, double Low) Parts(double x)
    {
        var (k, f) = Split(x);
        var s = f / (2.0 + f);
        var square = f * f;
        var high = f - (0.5 * square);
        var low = Math.FusedMultiplyAdd(-0.5, square, f - high) - (0.5 * Math.FusedMultiplyAdd(f, f, -square));
        return (k, high, Math.FusedMultiplyAdd(s, (0.5 * square) + Series(s * s), low));
    }

    private static double Ends(double x, double result)
    {
        result = x < double.PositiveInfinity ? result : x;
        return x > 0.0 ? result : x == 0.0 ? double.NegativeInfinity : double.NaN;
    }

    /// <summary>x = 2ᵏ m for 0 &lt; x &lt; ∞, with m from the number of these bits to twice that.</summary>
    internal static (float Exponent, float Significand) Split(float x, int least)
    {
        var subnormal = x < 1.17549435e-38f;
        var bits = BitConverter.SingleToInt32Bits(subnormal ? x * 8388608f : x);
        var exponent = (bits - least) >> 23;
        return (exponent - (subnormal ? 23f : 0f), BitConverter.Int32BitsToSingle(bits - (exponent << 23)));
    }

    /// <summary>x = 2ᵏ (1 + f) for 0 &lt; x &lt; ∞.</summary>
    private static (float Exponent, float Fraction) Split(float x)
    {
        var (exponent, significand) = Split(x, SqrtHalf);
        return (exponent, significand - 1f);
    }

    /// <summary>ln(1 + x + low) + more ln 2 for -1 &lt; x &lt; ∞ and a low part below the ulp of x.</summary>
    internal static float OfOneAnd(float x, float low, float more)
    {
        var exponent = (BitConverter.SingleToInt32Bits(1f + x) - SqrtHalf) >> 23;
        // 2⁻ᵏ in two factors, since it may lie below the normal numbers.
        var scale = BitConverter.Int32BitsToSingle((187 - exponent) << 23) * 8.67361738e-19f;
        return OfParts(exponent + more, MathF.FusedMultiplyAdd(x, scale, scale - 1f), low * scale);
    }

    /// <summary>k ln 2 + ln(1 + f + low) = k ln 2 + f - f²/2 + f³ p + low.</summary>
    private static float OfParts(float k, float f, float low)
    {
        var square = f * f;
        var rest = MathF.FusedMultiplyAdd(k, -2.12194440e-4f, MathF.FusedMultiplyAdd(-0.5f, square, low));
        return MathF.FusedMultiplyAdd(k, 0.693359375f, f + MathF.FusedMultiplyAdd(square * f, Series(f), rest));
    }

    /// <summary>(ln(1 + f) - f + f²/2) / f³.</summary>
    private static float Series(float f)
    {
        var p = MathF.FusedMultiplyAdd(f, -0.076349066512479660559f, 0.12761833177933063157f);
        p = MathF.FusedMultiplyAdd(f, p, -0.13160152801274522089f);
        p = MathF.FusedMultiplyAdd(f, p, 0.14201720864239570405f);
        p = MathF.FusedMultiplyAdd(f, p, -0.16623355762226285442f);
        p = MathF.FusedMultiplyAdd(f, p, 0.20001228205942934137f);
        p = MathF.FusedMultiplyAdd(f, p, -0.25000821137553631618f);
        return MathF.FusedMultiplyAdd(f, p, 0.33333331708705951826f);
    }

    /// <summary>A logarithm of x, where it is neither infinite nor undefined.</summary>
    private static float Ends(float x, float result)
    {
        result = x < float.PositiveInfinity ? result : x;
        return x > 0f ? result : x == 0f ? float.NegativeInfinity : float.NaN;
    }
}
