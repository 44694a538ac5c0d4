namespace TensorCell.Kernels.Elementary;

/// <summary>
/// What is left of angles too large for Cody and Waite's reduction, by Payne and Hanek's: of 2/π in pieces of 53 bits, five reach from multiples of
/// four quadrants, which count for nothing, down to 2⁻¹⁵⁸ of a quadrant; no double lies nearer to a multiple of π/2 than some 2⁻⁶². Vectors come here lane
/// by lane, those of f32 by a loop of their own, and GPUs by a branch, so that ordinary angles pay for a comparison only.
/// </summary>
internal static class HugeAngle
{
    /// <summary>The largest angle that is not reduced here, 2⁴⁹.</summary>
    public const double Ordinary = 562949953421312.0;

    /// <summary>The largest f32 angle that is not reduced here, 2¹⁶.</summary>
    public const float Ordinary32 = 65536f;

    private const double HalfPi = 1.5707963267948966;
    private const double HalfPiLow = 6.123233995736766e-17;

    /// <summary>The sine of a huge angle, NaN of an infinite one; else what is given.</summary>
    public static double SinOfHuge(double x, double ordinary) => Math.Abs(x) > Ordinary ? Sin(x) : ordinary;

    /// <summary>The cosine of a huge angle, NaN of an infinite one; else what is given.</summary>
    public static double CosOfHuge(double x, double ordinary) => Math.Abs(x) > Ordinary ? Cos(x) : ordinary;

    /// <summary>The tangent of a huge angle, NaN of an infinite one; else what is given.</summary>
    public static double TanOfHuge(double x, double ordinary) => Math.Abs(x) > Ordinary ? Tan(x) : ordinary;

    /// <summary>The sine of a huge angle, NaN of an infinite one; else what is given.</summary>
    public static float SinOfHuge(float x, float ordinary) => MathF.Abs(x) > Ordinary32 ? Sin(x) : ordinary;

    /// <summary>The sine of a huge angle.</summary>
    public static float Sin(float x)
    {
        var (quadrant, r, low) = Reduce(x);
        return Trigonometric.Sin(quadrant, r, low);
    }

    /// <summary>The sine of a huge angle.</summary>
    public static double Sin(double x)
    {
        var (quadrant, r, low) = Reduce(x);
        return Trigonometric.Sin(quadrant, r, low);
    }

    /// <summary>The cosine of a huge angle, NaN of an infinite one; else what is given.</summary>
    public static float CosOfHuge(float x, float ordinary) => MathF.Abs(x) > Ordinary32 ? Cos(x) : ordinary;

    /// <summary>The cosine of a huge angle.</summary>
    public static float Cos(float x)
    {
        var (quadrant, r, low) = Reduce(x);
        return Trigonometric.Cos(quadrant, r, low);
    }

    /// <summary>The cosine of a huge angle.</summary>
    public static double Cos(double x)
    {
        var (quadrant, r, low) = Reduce(x);
        return Trigonometric.Cos(quadrant, r, low);
    }

    /// <summary>The tangent of a huge angle, NaN of an infinite one; else what is given.</summary>
    public static float TanOfHuge(float x, float ordinary) => MathF.Abs(x) > Ordinary32 ? Tan(x) : ordinary;

    /// <summary>The tangent of a huge angle.</summary>
    public static float Tan(float x)
    {
        var (quadrant, r, low) = Reduce(x);
        return Trigonometric.Tan(quadrant, r, low);
    }

    /// <summary>The tangent of a huge angle.</summary>
    public static double Tan(double x)
    {
        var (quadrant, r, low) = Reduce(x);
        return Trigonometric.Tan(quadrant, r, low);
    }

    /// <summary>x = (4i + quadrant) π/2 + remainder + low, with 2/π in seven pieces of 29 bits, which reach down to where no f32 leaves anything.</summary>
    private static (int Quadrant, float Remainder, float Low) Reduce(float x)
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
        var nearest = Math.Round(a + b + c + d + e);
        var angle = (a - nearest + b + c + d + e + f + g) * HalfPi;
        var remainder = (float)angle;
        return (BitConverter.SingleToInt32Bits((float)nearest + Trigonometric.Rounder32), remainder, (float)(angle - remainder));
    }

    /// <summary>x = (4i + quadrant) π/2 + remainder + low.</summary>
    private static (long Quadrant, double Remainder, double Low) Reduce(double x)
    {
        // x 2/π by the pieces from the first one on whose product is not all multiples of four: x without the power of two that the pieces before stand for.
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = ((int)((ulong)bits >> 52) & 0x7FF) - 1023;
        var first = (exponent - 54) / 53;
        var power = (long)(exponent - (53 * first) + 1023 - 53) << 52;
        var scaled = BitConverter.Int64BitsToDouble((bits & -9218868437227405313) | power);
        var (p0, p1, p2, p3, p4) = Pieces(first);
        var (a, aLow) = Product(scaled, p0);
        var (b, bLow) = Product(scaled * 1.1102230246251565e-16, p1);
        var (c, cLow) = Product(scaled * 1.232595164407831e-32, p2);
        var (d, dLow) = Product(scaled * 1.3684555315672042e-48, p3);
        var e = scaled * 1.5192908393215678e-64 * p4;
        // Whole quadrants go as soon as they are known: what cancels leaves the two parts free for the digits to come.
        var (sum, low) = Sum(ModuloFour(a), ModuloFour(aLow));
        (sum, low) = Plus(sum, low, ModuloFour(b));
        var whole = Math.Round(sum);
        (sum, low) = Plus(sum - whole, low, bLow);
        (sum, low) = Plus(sum, low, c);
        var more = Math.Round(sum);
        (sum, low) = Plus(sum - more, low, cLow);
        (sum, low) = Plus(sum, low, d);
        (sum, low) = Plus(sum, low, dLow + e);
        // Infinities come to nothing.
        var remainder = (sum * HalfPi) + (x - x);
        var rest = Math.FusedMultiplyAdd(sum, HalfPi, -remainder) + Math.FusedMultiplyAdd(sum, HalfPiLow, low * HalfPi);
        return (BitConverter.DoubleToInt64Bits(whole + more + Trigonometric.Rounder), remainder, rest);
    }

    private static (double High, double Low) Product(double x, double y)
    {
        var product = x * y;
        return (product, Math.FusedMultiplyAdd(x, y, -product));
    }

    private static (double High, double Low) Plus(double high, double low, double value)
    {
        var (sum, lost) = Sum(high, value);
        return Sum(sum, low + lost);
    }

    private static (double High, double Low) Sum(double x, double y)
    {
        var sum = x + y;
        var back = sum - x;
        return (sum, x - (sum - back) + (y - back));
    }

    private static double ModuloFour(double x) => Math.FusedMultiplyAdd(-4.0, Math.Round(0.25 * x), x);

    /// <summary>Five pieces of 2/π, as integers, chosen by the bits of the first one's number.</summary>
    private static (double P0, double P1, double P2, double P3, double P4) Pieces(int first)
    {
        var far = (first & 16) != 0;
        var a0 = far ? 4461702110328553.0 : 5734161139222658.0;
        var a1 = far ? 8190251822055336.0 : 5814151408469972.0;
        var a2 = far ? 6397593724909042.0 : 7440259586542284.0;
        var a3 = far ? 8751785341853560.0 : 5563773718881558.0;
        var a4 = far ? 5811081437509311.0 : 2066796102992750.0;
        var a5 = far ? 3456741467624832.0 : 2563573915284664.0;
        var a6 = far ? 7180050975382879.0 : 55291115753100.0;
        var eight = (first & 8) != 0;
        var b0 = eight ? 1465545334474430.0 : a0;
        var b1 = eight ? 5835026907506289.0 : a1;
        var b2 = eight ? 6776677510095004.0 : a2;
        var b3 = eight ? 7069188010357663.0 : a3;
        var b4 = eight ? 2595984518904818.0 : a4;
        var b5 = eight ? 2831001892290551.0 : a5;
        var b6 = eight ? 4552804911380620.0 : a6;
        var b7 = eight ? 3195225570766134.0 : 5098427330010289.0;
        var b8 = eight ? 4461702110328553.0 : 1465545334474430.0;
        var b9 = eight ? 8190251822055336.0 : 5835026907506289.0;
        var b10 = eight ? 6397593724909042.0 : 6776677510095004.0;
        var b11 = eight ? 8751785341853560.0 : 7069188010357663.0;
        var four = (first & 4) != 0;
        var c0 = four ? b4 : b0;
        var c1 = four ? b5 : b1;
        var c2 = four ? b6 : b2;
        var c3 = four ? b7 : b3;
        var c4 = four ? b8 : b4;
        var c5 = four ? b9 : b5;
        var c6 = four ? b10 : b6;
        var c7 = four ? b11 : b7;
        var two = (first & 2) != 0;
        var d0 = two ? c2 : c0;
        var d1 = two ? c3 : c1;
        var d2 = two ? c4 : c2;
        var d3 = two ? c5 : c3;
        var d4 = two ? c6 : c4;
        var d5 = two ? c7 : c5;
        var one = (first & 1) != 0;
        var e0 = one ? d1 : d0;
        var e1 = one ? d2 : d1;
        var e2 = one ? d3 : d2;
        var e3 = one ? d4 : d3;
        var e4 = one ? d5 : d4;
        return (e0, e1, e2, e3, e4);
    }
}
