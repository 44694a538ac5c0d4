namespace TensorCell.Kernels.Elementary;

/// <summary>Inverse trigonometric functions, in radians: the argument is brought near 0, then a minimax polynomial (coefficients.py).</summary>
internal static class InverseTrigonometric
{
    private const float HalfPi32 = 1.57079637f;
    private const float HalfPiLow32 = -4.371138828673793e-8f;
    private const float Pi32 = 3.14159274f;
    private const float PiLow32 = -8.742277657347586e-8f;
    private const double HalfPi = 1.5707963267948966;
    private const double HalfPiLow = 6.123233995736766e-17;
    private const double Pi = 3.141592653589793;
    private const double PiLow = 1.2246467991473532e-16;

    /// <summary>The inverse tangent.</summary>
    [WithinUlp(1.5)]
    public static float Atan(float x)
    {
        var magnitude = MathF.Abs(x);
        var inverted = magnitude > 1f;
        var angle = OfRatio((inverted ? 1f : magnitude) / (inverted ? magnitude : 1f));
        return MathF.CopySign(inverted ? HalfPi32 - (angle - HalfPiLow32) : angle, x);
    }

    /// <summary>The inverse tangent.</summary>
    [WithinUlp(2)]
    public static double Atan(double x)
    {
        var magnitude = Math.Abs(x);
        var inverted = magnitude > 1.0;
        var infinite = magnitude == double.PositiveInfinity;
        var angle = OfRatio(
            inverted ? 1.0 : magnitude, infinite ? double.PositiveInfinity : inverted ? magnitude : 1.0);
        return Math.CopySign(inverted ? HalfPi - (angle - HalfPiLow) : angle, x);
    }

    /// <summary>The angle of the point (x, y).</summary>
    [WithinUlp(2)]
    public static float Atan2(float y, float x)
    {
        var (across, up) = (MathF.Abs(x), MathF.Abs(y));
        var steep = up > across;
        var (less, more) = (steep ? across : up, steep ? up : across);
        // Two infinities are as one to one, two zeros as nothing to one.
        var infinite = more == float.PositiveInfinity;
        less = infinite ? (less == float.PositiveInfinity ? 1f : 0f) : less;
        more = infinite || more == 0f ? 1f : more;
        var angle = OfRatio(less / more);
        angle = steep ? HalfPi32 - (angle - HalfPiLow32) : angle;
        var negative = BitConverter.SingleToInt32Bits(x) < 0;
        angle = negative ? Pi32 - (angle - PiLow32) : angle;
        angle = float.IsNaN(x) || float.IsNaN(y) ? float.NaN : angle;
        return MathF.CopySign(angle, y);
    }

    /// <summary>The angle of the point (x, y).</summary>
    [WithinUlp(3)]
    public static double Atan2(double y, double x)
    {
        var (across, up) = (Math.Abs(x), Math.Abs(y));
        var steep = up > across;
        var (less, more) = (steep ? across : up, steep ? up : across);
        // Two infinities are as one to one, two zeros as nothing to one.
        var infinite = more == double.PositiveInfinity;
        less = infinite ? (less == double.PositiveInfinity ? 1.0 : 0.0) : less;
        more = infinite || more == 0.0 ? 1.0 : more;
        // Below the normal numbers a quotient would lose its digits; of the largest numbers the sum is infinite.
        var scale = more < 1e-290 ? 18014398509481984.0 : more > 1e300 ? 5.551115123125783e-17 : 1.0;
        var angle = OfRatio(less * scale, more * scale);
        angle = steep ? HalfPi - (angle - HalfPiLow) : angle;
        var negative = BitConverter.DoubleToInt64Bits(x) < 0L;
        angle = negative ? Pi - (angle - PiLow) : angle;
        angle = double.IsNaN(x) || double.IsNaN(y) ? double.NaN : angle;
        return Math.CopySign(angle, y);
    }

    /// <summary>The inverse sine; NaN beyond 1.</summary>
    [WithinUlp(1.5)]
    public static float Asin(float x)
    {
        var magnitude = MathF.Abs(x);
        var steep = magnitude > 0.5f;
        var z = steep ? MathF.FusedMultiplyAdd(magnitude, -0.5f, 0.5f) : magnitude * magnitude;
        var root = steep ? MathF.Sqrt(z) : magnitude;
        var more = root * z * AsinSeries(z);
        var twice = root + root;
        var rest = HalfPi32 - twice;
        var lost = HalfPi32 - rest - twice;
        return MathF.CopySign(steep ? rest - (MathF.FusedMultiplyAdd(2f, more, -HalfPiLow32) - lost) : root + more, x);
    }

    /// <summary>The inverse sine; NaN beyond 1.</summary>
    [WithinUlp(3)]
    public static double Asin(double x)
    {
        var magnitude = Math.Abs(x);
        var steep = magnitude > 0.5;
        var z = steep ? 0.5 * (1.0 - magnitude) : magnitude * magnitude;
        var root = steep ? Math.Sqrt(z) : magnitude;
        var angle = Math.FusedMultiplyAdd(root * z, AsinSeries(z), root);
        // What rounding lost in the root, which counts double.
        var lost = steep && root > 0.0 ? Math.FusedMultiplyAdd(-root, root, z) / root : 0.0;
        return Math.CopySign(steep ? HalfPi - ((2.0 * angle) + (lost - HalfPiLow)) : angle, x);
    }

    /// <summary>The inverse cosine; NaN beyond 1.</summary>
    [WithinUlp(1.5)]
    public static float Acos(float x)
    {
        var magnitude = MathF.Abs(x);
        var steep = magnitude > 0.5f;
        var z = steep ? MathF.FusedMultiplyAdd(magnitude, -0.5f, 0.5f) : x * x;
        var root = steep ? MathF.Sqrt(z) : x;
        var angle = MathF.FusedMultiplyAdd(root * z, AsinSeries(z), root);
        return !steep ? HalfPi32 - (angle - HalfPiLow32)
            : x > 0f ? angle + angle
            : Pi32 - (angle + angle - PiLow32);
    }

    /// <summary>The inverse cosine; NaN beyond 1.</summary>
    [WithinUlp(3)]
    public static double Acos(double x)
    {
        var magnitude = Math.Abs(x);
        var steep = magnitude > 0.5;
        var z = steep ? 0.5 * (1.0 - magnitude) : x * x;
        var root = steep ? Math.Sqrt(z) : x;
        var more = root * z * AsinSeries(z);
        var lost = steep && root > 0.0 ? 0.5 * Math.FusedMultiplyAdd(-root, root, z) / root : 0.0;
        var acute = 2.0 * (root + (more + lost));
        return !steep ? HalfPi - (root - (HalfPiLow - more))
            : x > 0.0 ? acute
            : Pi - (acute - PiLow);
    }

    /// <summary>The inverse tangent of 0 ≤ x ≤ 1.</summary>
    private static float OfRatio(float x)
    {
        var z = x * x;
        var p = MathF.FusedMultiplyAdd(z, -1.7437011444531236e-3f, 1.0748500245523526e-2f);
        p = MathF.FusedMultiplyAdd(z, p, -3.0991290288444768e-2f);
        p = MathF.FusedMultiplyAdd(z, p, 5.7913541726170921e-2f);
        p = MathF.FusedMultiplyAdd(z, p, -8.4106545653993469e-2f);
        p = MathF.FusedMultiplyAdd(z, p, 1.0958582426318408e-1f);
        p = MathF.FusedMultiplyAdd(z, p, -1.4266346397907124e-1f);
        p = MathF.FusedMultiplyAdd(z, p, 1.999884218977043e-1f);
        p = MathF.FusedMultiplyAdd(z, p, -3.333331236691719e-1f);
        return MathF.FusedMultiplyAdd(x * z, p, x);
    }

    /// <summary>The inverse tangent of less/more for 0 ≤ less ≤ more.</summary>
    private static double OfRatio(double less, double more)
    {
        var steep = less > 0.41421356237309503 * more;
        var z = (steep ? less - more : less) / (steep ? less + more : more);
        var square = z * z;
        var p = Math.FusedMultiplyAdd(square, -0.017826187309615768208, 0.038012892276665293145);
        p = Math.FusedMultiplyAdd(square, p, -0.050383096119542188092);
        p = Math.FusedMultiplyAdd(square, p, 0.058479419879139580438);
        p = Math.FusedMultiplyAdd(square, p, -0.066631560866463113631);
        p = Math.FusedMultiplyAdd(square, p, 0.076920695107318807225);
        p = Math.FusedMultiplyAdd(square, p, -0.090908985994222577907);
        p = Math.FusedMultiplyAdd(square, p, 0.1111111082615039602);
        p = Math.FusedMultiplyAdd(square, p, -0.1428571428137658971);
        p = Math.FusedMultiplyAdd(square, p, 0.19999999999969253113);
        p = Math.FusedMultiplyAdd(square, p, -0.3333333333333326832);
        var low = z * square * p;
        return steep ? 0.7853981633974483 + (z + (low + 3.061616997868383e-17)) : z + low;
    }

    private static float AsinSeries(float z)
    {
        var p = MathF.FusedMultiplyAdd(z, 4.2554815153652332e-2f, 2.4056377579358423e-2f);
        p = MathF.FusedMultiplyAdd(z, p, 4.5465822992034015e-2f);
        p = MathF.FusedMultiplyAdd(z, p, 7.4956674509081634e-2f);
        return MathF.FusedMultiplyAdd(z, p, 1.6666731160822382e-1f);
    }

    private static double AsinSeries(double z)
    {
        var p = Math.FusedMultiplyAdd(z, 0.032718641742279226561, -0.021024553543801969899);
        p = Math.FusedMultiplyAdd(z, p, 0.021632602538307850721);
        p = Math.FusedMultiplyAdd(z, p, 0.0037796243820139489267);
        p = Math.FusedMultiplyAdd(z, p, 0.01074833254680601825);
        p = Math.FusedMultiplyAdd(z, p, 0.011407108456362993354);
        p = Math.FusedMultiplyAdd(z, p, 0.013979476237966747101);
        p = Math.FusedMultiplyAdd(z, p, 0.01735175622805873685);
        p = Math.FusedMultiplyAdd(z, p, 0.022372204953072803917);
        p = Math.FusedMultiplyAdd(z, p, 0.030381943143956172987);
        p = Math.FusedMultiplyAdd(z, p, 0.044642857163646699023);
        p = Math.FusedMultiplyAdd(z, p, 0.074999999999845027553);
        return Math.FusedMultiplyAdd(z, p, 0.16666666666666701023);
    }
}
