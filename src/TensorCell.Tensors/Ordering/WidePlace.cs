using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Ordering;

/// <summary>The key of an element of eight bytes beside its index.</summary>
internal readonly unsafe struct WidePlace<T> : ISortRecord<T, KeyAndPlace>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int KeyShift => 0;

    /// <inheritdoc/>
    public static void Fill(T* line, int first, int count, ulong flip, KeyAndPlace* records)
    {
        for (int index = 0; index < count; index++)
        {
            records[index] = new KeyAndPlace(SortKey.OfEqual(line[first + index]) ^ flip, first + index);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KeyAndPlace Of(ulong key, int place) => new(key, place);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong KeyOf(KeyAndPlace record) => record.Key;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Precedes(KeyAndPlace first, KeyAndPlace second) =>
        first.Key < second.Key || (first.Key == second.Key && first.Index < second.Index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(KeyAndPlace record, int place, in SortTarget<T> target)
    {
        if (target.Indices is not null)
        {
            target.Indices[place] = record.Index;
        }

        if (target.Values is not null)
        {
            target.Values[place] = target.Line[record.Index];
        }
    }

    /// <inheritdoc/>
    public static void Write(KeyAndPlace* records, int place, int count, in SortTarget<T> target)
    {
        for (int index = 0; index < count; index++)
        {
            Write(records[index], place + index, target);
        }
    }
}
