using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Remainders of real numbers, exact as C#'s. A quotient that the type holds to the unit is too great by one at most, once truncated; the
/// fused product then leaves a remainder that the type holds, be it that one less. Greater quotients, infinities and NaN go lane by lane.
/// </summary>
internal static unsafe partial class LaneHelpers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Remainder(Vector128<float> x, Vector128<float> y)
    {
        var (dividend, divisor) = (Vector128.Abs(x), Vector128.Abs(y));
        var quotient = Vector128.Truncate(dividend / divisor);
        if (!Vector128.LessThanAll(quotient, Vector128.Create(16777216f)) || !Vector128.LessThanAll(divisor, Vector128.Create(float.PositiveInfinity)))
        {
            return Map(x, y, &RealRemainder);
        }

        var rest = Vector128.FusedMultiplyAdd(-quotient, divisor, dividend);
        rest = Vector128.ConditionalSelect(Vector128.LessThan(rest, Vector128<float>.Zero), rest + divisor, rest);
        return Vector128.CopySign(rest, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Remainder(Vector256<float> x, Vector256<float> y)
    {
        var (dividend, divisor) = (Vector256.Abs(x), Vector256.Abs(y));
        var quotient = Vector256.Truncate(dividend / divisor);
        if (!Vector256.LessThanAll(quotient, Vector256.Create(16777216f)) || !Vector256.LessThanAll(divisor, Vector256.Create(float.PositiveInfinity)))
        {
            return Map(x, y, &RealRemainder);
        }

        var rest = Vector256.FusedMultiplyAdd(-quotient, divisor, dividend);
        rest = Vector256.ConditionalSelect(Vector256.LessThan(rest, Vector256<float>.Zero), rest + divisor, rest);
        return Vector256.CopySign(rest, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Remainder(Vector512<float> x, Vector512<float> y)
    {
        var (dividend, divisor) = (Vector512.Abs(x), Vector512.Abs(y));
        var quotient = Vector512.Truncate(dividend / divisor);
        if (!Vector512.LessThanAll(quotient, Vector512.Create(16777216f)) || !Vector512.LessThanAll(divisor, Vector512.Create(float.PositiveInfinity)))
        {
            return Map(x, y, &RealRemainder);
        }

        var rest = Vector512.FusedMultiplyAdd(-quotient, divisor, dividend);
        rest = Vector512.ConditionalSelect(Vector512.LessThan(rest, Vector512<float>.Zero), rest + divisor, rest);
        return Vector512.CopySign(rest, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Remainder(Vector128<double> x, Vector128<double> y)
    {
        var (dividend, divisor) = (Vector128.Abs(x), Vector128.Abs(y));
        var quotient = Vector128.Truncate(dividend / divisor);
        if (!Vector128.LessThanAll(quotient, Vector128.Create(9007199254740992.0)) || !Vector128.LessThanAll(divisor, Vector128.Create(double.PositiveInfinity)))
        {
            return Map(x, y, &RealRemainder);
        }

        var rest = Vector128.FusedMultiplyAdd(-quotient, divisor, dividend);
        rest = Vector128.ConditionalSelect(Vector128.LessThan(rest, Vector128<double>.Zero), rest + divisor, rest);
        return Vector128.CopySign(rest, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Remainder(Vector256<double> x, Vector256<double> y)
    {
        var (dividend, divisor) = (Vector256.Abs(x), Vector256.Abs(y));
        var quotient = Vector256.Truncate(dividend / divisor);
        if (!Vector256.LessThanAll(quotient, Vector256.Create(9007199254740992.0)) || !Vector256.LessThanAll(divisor, Vector256.Create(double.PositiveInfinity)))
        {
            return Map(x, y, &RealRemainder);
        }

        var rest = Vector256.FusedMultiplyAdd(-quotient, divisor, dividend);
        rest = Vector256.ConditionalSelect(Vector256.LessThan(rest, Vector256<double>.Zero), rest + divisor, rest);
        return Vector256.CopySign(rest, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Remainder(Vector512<double> x, Vector512<double> y)
    {
        var (dividend, divisor) = (Vector512.Abs(x), Vector512.Abs(y));
        var quotient = Vector512.Truncate(dividend / divisor);
        if (!Vector512.LessThanAll(quotient, Vector512.Create(9007199254740992.0)) || !Vector512.LessThanAll(divisor, Vector512.Create(double.PositiveInfinity)))
        {
            return Map(x, y, &RealRemainder);
        }

        var rest = Vector512.FusedMultiplyAdd(-quotient, divisor, dividend);
        rest = Vector512.ConditionalSelect(Vector512.LessThan(rest, Vector512<double>.Zero), rest + divisor, rest);
        return Vector512.CopySign(rest, x);
    }

    private static float RealRemainder(float x, float y) => x % y;

    private static double RealRemainder(double x, double y) => x % y;
}
