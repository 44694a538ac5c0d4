using System.Numerics;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>The sum.</summary>
internal readonly struct SumFold<T> : IFoldOperation<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.Zero;

    public static bool CanOverflow => true;

    public static T Apply(T x, T y) => x + y;

    public static Vector128<T> Apply(Vector128<T> x, Vector128<T> y) => x + y;

    public static Vector256<T> Apply(Vector256<T> x, Vector256<T> y) => x + y;

    public static Vector512<T> Apply(Vector512<T> x, Vector512<T> y) => x + y;

    public static Vector512<float> ApplySingle(Vector512<float> x, Vector512<float> y) => x + y;
}
