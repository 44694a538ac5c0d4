using System.Numerics;

namespace TensorCell.Tensors.Graph;

/// <summary>Functions of integer elements that tensor operations are made of: read by the kernel compiler, for i32 and i64.</summary>
internal static class IntegerFunctions
{
    /// <summary>The quotient rounded down.</summary>
    public static T FloorDivide<T>(T x, T y)
        where T : IBinaryInteger<T>
    {
        T quotient = x / y;
        T rest = x - (quotient * y);
        return rest != T.Zero && (rest < T.Zero) != (y < T.Zero) ? quotient - T.One : quotient;
    }

    /// <summary>The remainder with the sign of the divisor.</summary>
    public static T Modulo<T>(T x, T y)
        where T : IBinaryInteger<T>
    {
        T rest = x % y;
        return rest != T.Zero && (rest < T.Zero) != (y < T.Zero) ? rest + y : rest;
    }

    /// <summary>The bits moved up; 0 once all are out.</summary>
    public static T ShiftLeft<T>(T x, T y)
        where T : IBinaryInteger<T> => IsWithin(y) ? x << int.CreateTruncating(y) : T.Zero;

    /// <summary>The bits moved down, the sign's behind them.</summary>
    public static T ShiftRight<T>(T x, T y)
        where T : IBinaryInteger<T> => x >> (IsWithin(y) ? int.CreateTruncating(y) : BitsOf<T>() - 1);

    /// <summary>x multiplied y times, by squaring; y is not negative.</summary>
    public static T Power<T>(T x, T y)
        where T : IBinaryInteger<T>
    {
        T result = T.One;
        while (y > T.Zero)
        {
            result = (y & T.One) != T.Zero ? result * x : result;
            x *= x;
            y >>= 1;
        }

        return result;
    }

    /// <summary>The greatest common divisor (Euclid).</summary>
    public static T GreatestCommonDivisor<T>(T x, T y)
        where T : IBinaryInteger<T>
    {
        while (y != T.Zero)
        {
            T rest = x % y;
            x = y;
            y = rest;
        }

        return x < T.Zero ? -x : x;
    }

    /// <summary>How many bits are set.</summary>
    public static T PopCount<T>(T x)
        where T : IBinaryInteger<T> => T.PopCount(x);

    private static bool IsWithin<T>(T places)
        where T : IBinaryInteger<T> => places >= T.Zero && places < T.CreateTruncating(BitsOf<T>());

    private static int BitsOf<T>()
        where T : IBinaryInteger<T> => int.CreateTruncating(T.PopCount(~T.Zero));
}
