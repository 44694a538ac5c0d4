using System.Numerics;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>How two accumulated values become one; associative up to rounding.</summary>
internal interface IFoldOperation<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>What changes nothing.</summary>
    static abstract T Identity { get; }

    /// <summary>Whether finite values can come to one that is not.</summary>
    static abstract bool CanOverflow { get; }

    static abstract T Apply(T x, T y);

    static abstract Vector128<T> Apply(Vector128<T> x, Vector128<T> y);

    static abstract Vector256<T> Apply(Vector256<T> x, Vector256<T> y);

    static abstract Vector512<T> Apply(Vector512<T> x, Vector512<T> y);

    /// <summary>The same on values that have not been widened yet.</summary>
    static abstract Vector512<float> ApplySingle(Vector512<float> x, Vector512<float> y);
}
