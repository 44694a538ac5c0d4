using System.Numerics;

namespace TensorCell.Tensors.Graph;

/// <summary>Functions of real elements that tensor operations are made of: read by the kernel compiler, for f32 and f64.</summary>
internal static class RealFunctions
{
    /// <summary>The quotient rounded down, from the remainder, so that it is exact where the rounded quotient is not; by 0, the quotient.</summary>
    public static T FloorDivide<T>(T x, T y)
        where T : IFloatingPointIeee754<T>
    {
        T rest = x % y;
        T quotient = (x - rest) / y;
        quotient = rest != T.Zero && (rest < T.Zero) != (y < T.Zero) ? quotient - T.One : quotient;
        T whole = T.Floor(quotient);
        whole = quotient - whole > T.CreateTruncating(0.5) ? whole + T.One : whole;
        return y == T.Zero ? x / y : quotient == T.Zero ? T.CopySign(T.Zero, x / y) : whole;
    }

    /// <summary>The remainder with the sign of the divisor.</summary>
    public static T Modulo<T>(T x, T y)
        where T : IFloatingPointIeee754<T>
    {
        T rest = x % y;
        return rest != T.Zero ? (rest < T.Zero) != (y < T.Zero) ? rest + y : rest : T.CopySign(T.Zero, y);
    }

    /// <summary>ln(eˣ + eʸ), without overflow.</summary>
    public static T LogAddExp<T>(T x, T y)
        where T : IFloatingPointIeee754<T>
    {
        // Of two infinities of one sign the distance is none.
        T distance = T.Abs(x - y);
        return T.IsNaN(distance) ? x + y : T.Max(x, y) + T.LogP1(T.Exp(-distance));
    }

    /// <summary>The base-2 logarithm of 2ˣ + 2ʸ, without overflow.</summary>
    public static T LogAddExp2<T>(T x, T y)
        where T : IFloatingPointIeee754<T>
    {
        T distance = T.Abs(x - y);
        return T.IsNaN(distance) ? x + y : T.Max(x, y) + (T.LogP1(T.Exp2(-distance)) * T.CreateTruncating(1.4426950408889634));
    }

    /// <summary>The size of one number with the sign of another.</summary>
    public static T CopySign<T>(T x, T y)
        where T : IFloatingPointIeee754<T> => SignBit(y) ? -T.Abs(x) : T.Abs(x);

    /// <summary>0 below zero, 1 above, the second number at zero.</summary>
    public static T Heaviside<T>(T x, T y)
        where T : IFloatingPointIeee754<T> => x < T.Zero ? T.Zero : x > T.Zero ? T.One : x == T.Zero ? y : x;

    /// <summary>The greater number, the first of two equal ones; the other one where one is NaN.</summary>
    public static T MaximumNumber<T>(T x, T y)
        where T : IFloatingPointIeee754<T> => x >= y || T.IsNaN(y) ? x : y;

    /// <summary>The lesser number, the first of two equal ones; the other one where one is NaN.</summary>
    public static T MinimumNumber<T>(T x, T y)
        where T : IFloatingPointIeee754<T> => x <= y || T.IsNaN(y) ? x : y;

    /// <summary>x · ln y, and 0 where x is 0.</summary>
    public static T XLogY<T>(T x, T y)
        where T : IFloatingPointIeee754<T> => x == T.Zero && !T.IsNaN(y) ? T.Zero : x * T.Log(y);

    /// <summary>sin(πx) / πx, and 1 at 0.</summary>
    public static T Sinc<T>(T x)
        where T : IFloatingPointIeee754<T>
    {
        T angle = x == T.Zero ? T.One : x * T.CreateTruncating(Math.PI);
        return x == T.Zero ? T.One : T.Sin(angle) / angle;
    }

    /// <summary>Whether it is infinite.</summary>
    public static bool IsInfinity<T>(T x)
        where T : IFloatingPointIeee754<T> => T.Abs(x) == T.PositiveInfinity;

    /// <summary>Whether its sign is negative, that of -0 and NaN too.</summary>
    public static bool SignBit<T>(T x)
        where T : IFloatingPointIeee754<T> => T.CopySign(T.One, x) < T.Zero;
}
