namespace TensorCell.Kernels.Elementary;

/// <summary>Hyperbolic functions and the logistic one, from eˣ - 1 so that nothing cancels near 0.</summary>
internal static class Hyperbolic
{
    // Above this (and below the square root of the largest f32), the inverses are ln 2x.
    private const float Large = 1e9f;

    /// <summary>The hyperbolic tangent.</summary>
    [WithinUlp(3)]
    public static float Tanh(float x)
    {
        var twice = 2f * MathF.Abs(x);
        var e = Exponential.ExpM1Moderate(twice > 20f ? 20f : twice);
        return MathF.CopySign(e / (e + 2f), x);
    }

    /// <summary>The hyperbolic tangent.</summary>
    [WithinUlp(3)]
    public static double Tanh(double x)
    {
        var twice = 2.0 * Math.Abs(x);
        var e = Exponential.ExpM1(twice > 40.0 ? 40.0 : twice);
        return Math.CopySign(e / (e + 2.0), x);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [WithinUlp(3)]
    public static float Sigmoid(float x)
    {
        var e = Exponential.Exp(-MathF.Abs(x));
        return (x >= 0f ? 1f : e) / (1f + e);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [WithinUlp(3)]
    public static double Sigmoid(double x)
    {
        var e = Exponential.Exp(-Math.Abs(x));
        return (x >= 0.0 ? 1.0 : e) / (1.0 + e);
    }

    /// <summary>The hyperbolic sine.</summary>
    [WithinUlp(2)]
    public static float Sinh(float x)
    {
        var (sum, difference, sine, cosine) = Exponential.Hyperbolic(MathF.Abs(x));
        return MathF.CopySign(2f * (difference + MathF.FusedMultiplyAdd(difference, cosine, sum * sine)), x);
    }

    /// <summary>The hyperbolic sine.</summary>
    [WithinUlp(3)]
    public static double Sinh(double x)
    {
        var magnitude = Math.Abs(x);
        var e = Exponential.ExpM1(magnitude);
        var root = Exponential.Exp(0.5 * magnitude);
        return Math.CopySign(magnitude < 709.0 ? 0.5 * (e + (e / (e + 1.0))) : 0.5 * root * root, x);
    }

    /// <summary>The hyperbolic cosine.</summary>
    [WithinUlp(2)]
    public static float Cosh(float x)
    {
        var (sum, difference, sine, cosine) = Exponential.Hyperbolic(MathF.Abs(x));
        return 2f * (sum + MathF.FusedMultiplyAdd(sum, cosine, difference * sine));
    }

    /// <summary>The hyperbolic cosine.</summary>
    [WithinUlp(3)]
    public static double Cosh(double x)
    {
        var magnitude = Math.Abs(x);
        var e = Exponential.Exp(magnitude);
        var root = Exponential.Exp(0.5 * magnitude);
        return magnitude < 709.0 ? (0.5 * e) + (0.5 / e) : 0.5 * root * root;
    }

    /// <summary>The inverse hyperbolic sine.</summary>
    [WithinUlp(2)]
    public static float Asinh(float x)
    {
        var magnitude = MathF.Abs(x);
        var root = MathF.Sqrt(MathF.FusedMultiplyAdd(magnitude, magnitude, 1f));
        var more = magnitude * magnitude / (1f + root);
        var sum = magnitude + more;
        var large = magnitude > Large;
        var result = Logarithm.OfOneAnd(large ? magnitude : sum, large ? 0f : more - (sum - magnitude), large ? 1f : 0f);
        return MathF.CopySign(magnitude < float.PositiveInfinity ? result : magnitude, x);
    }

    /// <summary>The inverse hyperbolic sine.</summary>
    [WithinUlp(4)]
    public static double Asinh(double x)
    {
        var magnitude = Math.Abs(x);
        var square = magnitude * magnitude;
        var moderate = Logarithm.Log1P(magnitude + (square / (1.0 + Math.Sqrt(square + 1.0))));
        var large = Logarithm.Log(magnitude) + 0.6931471805599453;
        return Math.CopySign(magnitude < 268435456.0 ? moderate : large, x);
    }

    /// <summary>The inverse hyperbolic cosine; NaN below 1.</summary>
    [WithinUlp(2)]
    public static float Acosh(float x)
    {
        var t = x - 1f;
        var square = MathF.FusedMultiplyAdd(t, t, t + t);
        var root = MathF.Sqrt(square);
        var sum = t + root;
        var low = root > t ? t - (sum - root) : root - (sum - t);
        // What rounding lost in the square and in its root.
        var lost = MathF.FusedMultiplyAdd(-root, root, square) + MathF.FusedMultiplyAdd(t, t, t + t - square);
        low += root > 0f ? 0.5f * lost / root : 0f;
        var large = x > Large;
        var result = Logarithm.OfOneAnd(large ? x : sum, large ? 0f : low, large ? 1f : 0f);
        return x < 1f ? float.NaN : x < float.PositiveInfinity ? result : x;
    }

    /// <summary>The inverse hyperbolic cosine; NaN below 1.</summary>
    [WithinUlp(4)]
    public static double Acosh(double x)
    {
        var t = x - 1.0;
        var moderate = Logarithm.Log1P(t + Math.Sqrt((2.0 * t) + (t * t)));
        var large = Logarithm.Log(x) + 0.6931471805599453;
        return x < 1.0 ? double.NaN : x < 268435456.0 ? moderate : large;
    }

    /// <summary>The inverse hyperbolic tangent; NaN beyond 1.</summary>
    [WithinUlp(2)]
    public static float Atanh(float x)
    {
        var magnitude = MathF.Abs(x);
        var divisor = 1f - magnitude;
        var ratio = 2f * magnitude / divisor;
        // What rounding lost in the divisor and in the ratio.
        var low = (MathF.FusedMultiplyAdd(-ratio, divisor, 2f * magnitude) - (ratio * (1f - divisor - magnitude))) / divisor;
        var result = 0.5f * Logarithm.OfOneAnd(ratio, low, 0f);
        return MathF.CopySign(magnitude < 1f ? result : magnitude == 1f ? float.PositiveInfinity : float.NaN, x);
    }

    /// <summary>The inverse hyperbolic tangent; NaN beyond 1.</summary>
    [WithinUlp(4)]
    public static double Atanh(double x)
    {
        var magnitude = Math.Abs(x);
        return Math.CopySign(0.5 * Logarithm.Log1P(2.0 * magnitude / (1.0 - magnitude)), x);
    }
}
