using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Ordering;

/// <summary>The key of an element of at most four bytes, above its index.</summary>
internal readonly unsafe struct NarrowPlace<T> : ISortRecord<T, ulong>
    where T : unmanaged
{
    private const int Chunk = 256;

    /// <inheritdoc/>
    public static int KeyShift => 32;

    /// <inheritdoc/>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(T* line, int first, int count, ulong flip, ulong* records)
    {
        uint* keys = stackalloc uint[Chunk];
        for (int begin = 0; begin < count; begin += Chunk)
        {
            int length = Math.Min(Chunk, count - begin);
            SortKeyVectors.Keys(line + first + begin, length, flip, mergesZeros: true, keys);
            int index = 0;
            Vector512<ulong> places = Vector512.Create((ulong)(first + begin)) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
            for (; index <= length - Vector512<uint>.Count; index += Vector512<uint>.Count)
            {
                (Vector512<ulong> lower, Vector512<ulong> upper) = Vector512.Widen(Vector512.Load(keys + index));
                ((lower << 32) | places).Store(records + begin + index);
                places += Vector512.Create((ulong)Vector512<ulong>.Count);
                ((upper << 32) | places).Store(records + begin + index + Vector512<ulong>.Count);
                places += Vector512.Create((ulong)Vector512<ulong>.Count);
            }

            for (; index < length; index++)
            {
                records[begin + index] = ((ulong)keys[index] << 32) | (uint)(first + begin + index);
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong key, int place) => (key << 32) | (uint)place;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong KeyOf(ulong record) => record >> 32;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Precedes(ulong first, ulong second) => first < second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ulong record, int place, in SortTarget<T> target)
    {
        if (target.Indices is not null)
        {
            target.Indices[place] = (uint)record;
        }

        if (target.Values is not null)
        {
            target.Values[place] = target.Line[(uint)record];
        }
    }

    /// <inheritdoc/>
    public static void Write(ulong* records, int place, int count, in SortTarget<T> target)
    {
        for (int index = 0; index < count; index++)
        {
            Write(records[index], place + index, target);
        }
    }
}
