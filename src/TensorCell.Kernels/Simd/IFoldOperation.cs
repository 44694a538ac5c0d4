using System.Numerics;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>How two values become one; associative up to rounding.</summary>
internal interface IFoldOperation
{
    /// <summary>Whether finite values can come to one that is not.</summary>
    static abstract bool CanOverflow { get; }

    /// <summary>What changes nothing.</summary>
    static abstract T Identity<T>()
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;

    static abstract T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T>;

    static abstract Vector128<T> Apply<T>(Vector128<T> x, Vector128<T> y);

    static abstract Vector256<T> Apply<T>(Vector256<T> x, Vector256<T> y);

    static abstract Vector512<T> Apply<T>(Vector512<T> x, Vector512<T> y);
}
