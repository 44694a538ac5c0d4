using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Cumulative;

/// <summary>Totals are multiplied.</summary>
internal readonly struct ProductAccumulation<T> : IAccumulation<T>
    where T : INumber<T>
{
    /// <inheritdoc/>
    public static T Identity => T.One;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T earlier, T later) => earlier * later;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Combine(Vector512<T> earlier, Vector512<T> later) => earlier * later;
}
