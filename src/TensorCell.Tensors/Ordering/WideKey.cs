using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Ordering;

/// <summary>The key alone of an element of eight bytes.</summary>
internal readonly unsafe struct WideKey<T> : ISortRecord<T, ulong>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int KeyShift => 0;

    /// <inheritdoc/>
    public static void Fill(T* line, int first, int count, ulong flip, ulong* records) =>
        SortKeyVectors.Keys(line + first, count, flip, mergesZeros: false, records);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong key, int place) => key;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong KeyOf(ulong record) => record;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Precedes(ulong first, ulong second) => first < second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ulong record, int place, in SortTarget<T> target) => target.Values[place] = SortKey.Element<T>(record ^ target.Flip);

    /// <inheritdoc/>
    public static void Write(ulong* records, int place, int count, in SortTarget<T> target) =>
        SortKeyVectors.Elements(records, count, target.Flip, target.Values + place);
}
