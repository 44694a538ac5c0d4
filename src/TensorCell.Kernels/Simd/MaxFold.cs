using System.Numerics;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>The greater; NaN if there is one.</summary>
internal readonly struct MaxFold : IExtremeOperation
{
    public static bool CanOverflow => false;

    public static T Identity<T>()
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.CreateSaturating(double.NegativeInfinity);

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T> => T.Max(x, y);

    public static Vector128<T> Apply<T>(Vector128<T> x, Vector128<T> y) => Vector128.Max(x, y);

    public static Vector256<T> Apply<T>(Vector256<T> x, Vector256<T> y) => Vector256.Max(x, y);

    public static Vector512<T> Apply<T>(Vector512<T> x, Vector512<T> y) => Vector512.Max(x, y);

    public static Vector512<T> Beats<T>(Vector512<T> value, Vector512<T> best) => ~Vector512.LessThanOrEqual(value, best) & Vector512.Equals(best, best);
}
