using System.Numerics;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>How two accumulated values become one; associative up to rounding.</summary>
internal interface IFoldOperation<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>What changes nothing.</summary>
    static abstract T Identity { get; }

    static abstract T Apply(T x, T y);

    static abstract Vector512<T> Apply(Vector512<T> x, Vector512<T> y);
}
