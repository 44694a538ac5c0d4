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

/// <summary>The sum.</summary>
internal readonly struct SumFold<T> : IFoldOperation<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.Zero;

    public static T Apply(T x, T y) => x + y;

    public static Vector512<T> Apply(Vector512<T> x, Vector512<T> y) => x + y;
}

/// <summary>The greater; NaN if there is one.</summary>
internal readonly struct MaxFold<T> : IFoldOperation<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Identity => typeof(T) == typeof(double) ? T.CreateChecked(double.NegativeInfinity) : T.MinValue;

    public static T Apply(T x, T y) => T.Max(x, y);

    public static Vector512<T> Apply(Vector512<T> x, Vector512<T> y) => Vector512.Max(x, y);
}

/// <summary>The lesser; NaN if there is one.</summary>
internal readonly struct MinFold<T> : IFoldOperation<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Identity => typeof(T) == typeof(double) ? T.CreateChecked(double.PositiveInfinity) : T.MaxValue;

    public static T Apply(T x, T y) => T.Min(x, y);

    public static Vector512<T> Apply(Vector512<T> x, Vector512<T> y) => Vector512.Min(x, y);
}
