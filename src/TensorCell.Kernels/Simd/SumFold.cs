using System.Numerics;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>The sum.</summary>
internal readonly struct SumFold : IFoldOperation
{
    public static bool CanOverflow => true;

    public static T Identity<T>()
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.Zero;

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T> => x + y;

    public static Vector128<T> Apply<T>(Vector128<T> x, Vector128<T> y) => x + y;

    public static Vector256<T> Apply<T>(Vector256<T> x, Vector256<T> y) => x + y;

    public static Vector512<T> Apply<T>(Vector512<T> x, Vector512<T> y) => x + y;
}
