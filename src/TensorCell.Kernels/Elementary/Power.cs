namespace TensorCell.Kernels.Elementary;

/// <summary>Powers and roots.</summary>
internal static class Power
{
    /// <summary>1/√x.</summary>
    [WithinUlp(1.5)]
    public static float ReciprocalSqrt(float x) => 1f / MathF.Sqrt(x);

    /// <summary>1/√x.</summary>
    [WithinUlp(1.5)]
    public static double ReciprocalSqrt(double x) => 1.0 / Math.Sqrt(x);

    /// <summary>The sign, -1, 0 or 1; NaN for NaN.</summary>
    public static float Sign(float x) => x > 0f ? 1f : x < 0f ? -1f : x;

    /// <summary>The sign, -1, 0 or 1; NaN for NaN.</summary>
    public static double Sign(double x) => x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x;

    /// <summary>The sign, -1, 0 or 1.</summary>
    public static int Sign(int x) => x > 0 ? 1 : x < 0 ? -1 : 0;

    /// <summary>The sign, -1, 0 or 1.</summary>
    public static long Sign(long x) => x > 0L ? 1L : x < 0L ? -1L : 0L;

    /// <summary>√(x² + y²) without undue overflow.</summary>
    [WithinUlp(1)]
    public static float Hypot(float x, float y)
    {
        double wideX = x, wideY = y;
        var result = (float)Math.Sqrt((wideX * wideX) + (wideY * wideY));
        return float.IsInfinity(x) || float.IsInfinity(y) ? float.PositiveInfinity : result;
    }

    /// <summary>√(x² + y²) without undue overflow.</summary>
    [WithinUlp(2)]
    public static double Hypot(double x, double y)
    {
        var (first, second) = (Math.Abs(x), Math.Abs(y));
        var (less, more) = (first < second ? first : second, first < second ? second : first);
        // Powers of two, 2⁶⁰⁰ and its inverse, which lose nothing.
        var scale = more > 1e150 ? 2.409919865102884e-181 : more < 1e-150 ? 4.149515568880993e+180 : 1.0;
        var back = more > 1e150 ? 4.149515568880993e+180 : more < 1e-150 ? 2.409919865102884e-181 : 1.0;
        less *= scale;
        more *= scale;
        var result = Math.Sqrt(Math.FusedMultiplyAdd(less, less, more * more)) * back;
        return double.IsInfinity(x) || double.IsInfinity(y) ? double.PositiveInfinity : result;
    }

    /// <summary>
    /// The cube root: a third of the exponent, negated, as a first guess at 1/∛x, three terms of the series about it, and Newton's method once, with
    /// the cube in two parts.
    /// </summary>
    [WithinUlp(1)]
    public static float Cbrt(float x)
    {
        var magnitude = MathF.Abs(x);
        var subnormal = magnitude < 1.17549435e-38f;
        var scaled = subnormal ? magnitude * 16777216f : magnitude;
        // Of the bits no more than a float can count.
        var third = MathF.FusedMultiplyAdd(BitConverter.SingleToInt32Bits(scaled) >> 8, 0.333333333f, 12582912f);
        var inverse = BitConverter.Int32BitsToSingle(0x54A21D2A - ((BitConverter.SingleToInt32Bits(third) - 0x4B400000) << 8));
        var error = MathF.FusedMultiplyAdd(-(scaled * inverse), inverse * inverse, 1f);
        var series = MathF.FusedMultiplyAdd(error, MathF.FusedMultiplyAdd(error, 0.172839506f, 0.222222222f), 0.333333333f);
        inverse = MathF.FusedMultiplyAdd(inverse * error, series, inverse);
        var inverseSquare = inverse * inverse;
        var root = scaled * inverseSquare;
        var square = root * root;
        var excess = MathF.FusedMultiplyAdd(root, MathF.FusedMultiplyAdd(root, root, -square), MathF.FusedMultiplyAdd(square, root, -scaled));
        root = MathF.FusedMultiplyAdd(excess * inverseSquare, -0.333333333f, root);
        root = subnormal ? root * 0.00390625f : root;
        // Infinities and NaN are their own roots.
        return magnitude < float.PositiveInfinity ? MathF.CopySign(root, x) : x;
    }

    /// <summary>The cube root: a third of the exponent as a first guess, then Halley's and Newton's methods.</summary>
    [WithinUlp(1)]
    public static double Cbrt(double x)
    {
        var magnitude = Math.Abs(x);
        var subnormal = magnitude < 2.2250738585072014e-308;
        var huge = magnitude > 1e300;
        var scaled = subnormal ? magnitude * 18014398509481984.0 : huge ? magnitude * 5.551115123125783e-17 : magnitude;
        var high = (int)((ulong)BitConverter.DoubleToInt64Bits(scaled) >> 32);
        var third = (int)(high * 0.3333333333333333) + 715094163;
        var root = BitConverter.Int64BitsToDouble((long)third << 32);
        root = Halley(root, scaled);
        root = Halley(root, scaled);
        root = Halley(root, scaled);
        var square = root * root;
        var cube = Math.FusedMultiplyAdd(square, root, -scaled) + (root * Math.FusedMultiplyAdd(root, root, -square));
        root -= cube / (3.0 * square);
        root = subnormal ? root * 3.814697265625e-06 : huge ? root * 262144.0 : root;
        // 0, infinities and NaN are their own roots.
        return magnitude > 0.0 && magnitude < double.PositiveInfinity ? Math.CopySign(root, x) : x;
    }

    /// <summary>x to the power y, by 2^(y log₂ |x|) with the logarithm in two parts; its special cases are those of IEEE 754.</summary>
    [WithinUlp(1.5)]
    public static float Pow(float x, float y)
    {
        var magnitude = MathF.Abs(x);
        var (high, low) = Log2Of(magnitude);
        high = magnitude < float.PositiveInfinity ? high : magnitude;
        high = magnitude == 0f ? float.NegativeInfinity : high;
        // An infinite exponent would make NaN of a logarithm of 0.
        var finite = y > float.MaxValue ? float.MaxValue : y;
        finite = finite < float.MinValue ? float.MinValue : finite;
        var product = finite * high;
        var rest = MathF.FusedMultiplyAdd(finite, low, MathF.FusedMultiplyAdd(finite, high, -product));
        // Of an infinite product it is undefined, and anything will do.
        rest = rest > -1f ? rest : -1f;
        var result = Exponential.Exp2OfSum(product, rest < 1f ? rest : 1f);
        var integral = MathF.Truncate(y) == y;
        var odd = integral && MathF.Truncate(0.5f * y) != 0.5f * y;
        result = odd ? MathF.CopySign(result, x) : result;
        result = x < 0f && !integral && x != float.NegativeInfinity ? float.NaN : result;
        return y == 0f || x == 1f ? 1f : result;
    }

    /// <summary>x to the power y, by e^(y ln |x|) with the logarithm in two parts; its special cases are those of IEEE 754.</summary>
    [WithinUlp(3)]
    public static double Pow(double x, double y)
    {
        var magnitude = Math.Abs(x);
        var (high, low) = LogOf(magnitude);
        var product = high * y;
        var rest = Math.FusedMultiplyAdd(high, y, -product) + (low * y);
        // An infinite exponent has no low part.
        var result = Exponential.ExpOfSum(product, Math.Abs(product) < 1000.0 ? rest : 0.0);
        var integral = Math.Truncate(y) == y;
        var odd = integral && Math.Truncate(0.5 * y) != 0.5 * y && Math.Abs(y) < 9007199254740992.0;
        var atZero = y < 0.0 ? double.PositiveInfinity : 0.0;
        var atInfinity = y < 0.0 ? 0.0 : double.PositiveInfinity;
        var toInfinity = magnitude == 1.0 ? 1.0 : (magnitude > 1.0) == (y > 0.0) ? double.PositiveInfinity : 0.0;
        result = magnitude == 0.0 ? atZero : magnitude == double.PositiveInfinity ? atInfinity : double.IsInfinity(y) ? toInfinity : result;
        var negative = BitConverter.DoubleToInt64Bits(x) < 0L;
        result = negative && odd ? -result : result;
        result = x < 0.0 && !integral && x != double.NegativeInfinity ? double.NaN : result;
        result = double.IsNaN(x) || double.IsNaN(y) ? double.NaN : result;
        return y == 0.0 || x == 1.0 ? 1.0 : result;
    }

    private static double Halley(double root, double x)
    {
        var cube = root * root * root;
        return root * ((cube + (2.0 * x)) / ((2.0 * cube) + x));
    }

    /// <summary>The logarithm to base 2 in two parts, good to some 2⁻³² of itself, for 0 &lt; x &lt; ∞.</summary>
    private static (float High, float Low) Log2Of(float x)
    {
        // x = 2ᵏ m with √⅔ ≤ m < 2√⅔, of which the upper half is taken times ¾: half as much remains for the series, which then needs no second part.
        var (k, m) = Logarithm.Split(x, 0x3F5105EC);
        var upper = m > 1.22474487f;
        var f = MathF.FusedMultiplyAdd(m, upper ? 0.75f : 1f, -1f);
        // log₂ ¾ has a high part so short that it adds to any exponent without rounding.
        k += upper ? 0.4150238037109375f : 0f;
        // s = f/(2 + f) in two parts.
        var divisor = 2f + f;
        var divisorLow = f - (divisor - 2f);
        var inverse = 1f / divisor;
        var s = f * inverse;
        var sLow = MathF.FusedMultiplyAdd(-s, divisorLow, MathF.FusedMultiplyAdd(-s, divisor, f)) * inverse;
        // 2/ln 2 (s + s³/3 + …).
        var z = s * s;
        var p = MathF.FusedMultiplyAdd(z, 0.41717227315606347f, 0.57706098952768248f);
        p = MathF.FusedMultiplyAdd(z, p, 0.961796701f);
        var first = s * 2.88539004f;
        var low = MathF.FusedMultiplyAdd(s, 3.851926067e-8f, MathF.FusedMultiplyAdd(s, 2.88539004f, -first));
        low = MathF.FusedMultiplyAdd(sLow, MathF.FusedMultiplyAdd(z, 2.88539004f, 2.88539004f), low);
        low = MathF.FusedMultiplyAdd(s * z, p, low) + (upper ? 1.3695567906e-5f : 0f);
        var sum = k + first;
        low = k - sum + first + low;
        var high = sum + low;
        return (high, sum - high + low);
    }

    /// <summary>The natural logarithm in two parts, good to some 2⁻⁶⁸ of itself, for 0 &lt; x &lt; ∞.</summary>
    private static (double High, double Low) LogOf(double x)
    {
        var (k, f) = Logarithm.Split(x);
        // s = f/(2 + f) in two parts.
        var divisor = 2.0 + f;
        var divisorLow = f - (divisor - 2.0);
        var s = f / divisor;
        var sLow = (Math.FusedMultiplyAdd(-s, divisor, f) - (s * divisorLow)) / divisor;
        var z = s * s;
        var zLow = Math.FusedMultiplyAdd(s, s, -z) + (2.0 * s * sLow);
        var p = Math.FusedMultiplyAdd(z, 0.11882690337990463788, 0.11688634135546093636);
        p = Math.FusedMultiplyAdd(z, p, 0.13335581600257426674);
        p = Math.FusedMultiplyAdd(z, p, 0.15384577501579741981);
        p = Math.FusedMultiplyAdd(z, p, 0.1818181854552952258);
        p = Math.FusedMultiplyAdd(z, p, 0.22222222220357918598);
        p = Math.FusedMultiplyAdd(z, p, 0.28571428571432900372);
        p = Math.FusedMultiplyAdd(z, p, 0.39999999999999997034);
        // 2/3 + z p, then times s³, each in two parts.
        var tail = z * p;
        var factor = 0.6666666666666666 + tail;
        var factorLow = 0.6666666666666666 - factor + tail + Math.FusedMultiplyAdd(z, p, -tail) + 3.700743415417188e-17 + (zLow * p);
        var cube = s * z;
        var cubeLow = Math.FusedMultiplyAdd(s, z, -cube) + (s * zLow) + (sLow * z);
        var term = cube * factor;
        var termLow = Math.FusedMultiplyAdd(cube, factor, -term) + (cube * factorLow) + (cubeLow * factor);
        // k ln 2 + 2s + term; the high part of ln 2 times k is exact.
        var whole = k * 0.6931471803691238;
        var sum = whole + (2.0 * s);
        var lost = k == 0.0 ? 0.0 : whole - sum + (2.0 * s);
        var total = sum + term;
        var totalLow = sum - total + term + lost;
        var low = Math.FusedMultiplyAdd(k, 1.9082149292705877e-10, totalLow + (2.0 * sLow) + termLow);
        // ln 2's own tail beyond a double.
        low = Math.FusedMultiplyAdd(k, -4.803176e-27, low);
        var result = total + low;
        return (result, total - result + low);
    }
}
