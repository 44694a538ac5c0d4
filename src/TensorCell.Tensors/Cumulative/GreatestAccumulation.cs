using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Cumulative;

/// <summary>The greater total stays; NaN if either is.</summary>
internal readonly struct GreatestAccumulation<T> : IAccumulation<T>
    where T : INumber<T>, IMinMaxValue<T>
{
    /// <inheritdoc/>
    public static T Identity => typeof(T) == typeof(float) ? (T)(object)float.NegativeInfinity
        : typeof(T) == typeof(double) ? (T)(object)double.NegativeInfinity
        : T.MinValue;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T earlier, T later) => T.Max(earlier, later);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Combine(Vector512<T> earlier, Vector512<T> later) => Vector512.Max(earlier, later);
}
