using System.Numerics;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>The greater; NaN if there is one.</summary>
internal readonly struct MaxFold<T> : IFoldOperation<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Identity => typeof(T) == typeof(double) ? T.CreateChecked(double.NegativeInfinity) : T.MinValue;

    public static bool CanOverflow => false;

    public static T Apply(T x, T y) => T.Max(x, y);

    public static Vector128<T> Apply(Vector128<T> x, Vector128<T> y) => Vector128.Max(x, y);

    public static Vector256<T> Apply(Vector256<T> x, Vector256<T> y) => Vector256.Max(x, y);

    public static Vector512<T> Apply(Vector512<T> x, Vector512<T> y) => Vector512.Max(x, y);

    public static Vector512<float> ApplySingle(Vector512<float> x, Vector512<float> y) => Vector512.Max(x, y);
}
