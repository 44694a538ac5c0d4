using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Ordering;

/// <summary>The key alone of an element of at most four bytes.</summary>
internal readonly unsafe struct NarrowKey<T> : ISortRecord<T, uint>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int KeyShift => 0;

    /// <inheritdoc/>
    public static void Fill(T* line, int first, int count, ulong flip, uint* records) =>
        SortKeyVectors.Keys(line + first, count, flip, mergesZeros: false, records);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(ulong key, int place) => (uint)key;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong KeyOf(uint record) => record;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Precedes(uint first, uint second) => first < second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(uint record, int place, in SortTarget<T> target) => target.Values[place] = SortKey.Element<T>(record ^ target.Flip);

    /// <inheritdoc/>
    public static void Write(uint* records, int place, int count, in SortTarget<T> target) =>
        SortKeyVectors.Elements(records, count, target.Flip, target.Values + place);
}
