using System.Numerics;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>The lesser; NaN if there is one.</summary>
internal readonly struct MinFold<T> : IFoldOperation<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Identity => typeof(T) == typeof(double) ? T.CreateChecked(double.PositiveInfinity) : T.MaxValue;

    public static bool CanOverflow => false;

    public static T Apply(T x, T y) => T.Min(x, y);

    public static Vector128<T> Apply(Vector128<T> x, Vector128<T> y) => Vector128.Min(x, y);

    public static Vector256<T> Apply(Vector256<T> x, Vector256<T> y) => Vector256.Min(x, y);

    public static Vector512<T> Apply(Vector512<T> x, Vector512<T> y) => Vector512.Min(x, y);

    public static Vector512<float> ApplySingle(Vector512<float> x, Vector512<float> y) => Vector512.Min(x, y);
}
