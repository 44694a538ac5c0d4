using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Cumulative;

/// <summary>The lesser total stays; NaN if either is.</summary>
internal readonly struct LeastAccumulation<T> : IAccumulation<T>
    where T : INumber<T>, IMinMaxValue<T>
{
    /// <inheritdoc/>
    public static T Identity => typeof(T) == typeof(float) ? (T)(object)float.PositiveInfinity
        : typeof(T) == typeof(double) ? (T)(object)double.PositiveInfinity
        : T.MaxValue;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T earlier, T later) => T.Min(earlier, later);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Combine(Vector512<T> earlier, Vector512<T> later) => Vector512.Min(earlier, later);
}
