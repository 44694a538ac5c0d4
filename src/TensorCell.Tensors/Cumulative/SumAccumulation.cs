using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Cumulative;

/// <summary>Totals are added.</summary>
internal readonly struct SumAccumulation<T> : IAccumulation<T>
    where T : INumber<T>
{
    /// <inheritdoc/>
    public static T Identity => T.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T earlier, T later) => earlier + later;
}
