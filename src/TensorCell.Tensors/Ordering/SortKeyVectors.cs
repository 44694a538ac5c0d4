using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Ordering;

/// <summary>Many keys of <see cref="SortKey"/> at once.</summary>
internal static unsafe class SortKeyVectors
{
    /// <summary>The keys of the elements of a vector.</summary>
    /// <param name="bits">The elements.</param>
    /// <param name="mergesZeros">Whether -0 has the key of 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TKey> Of<T, TKey>(Vector512<TKey> bits, bool mergesZeros)
        where T : unmanaged
        where TKey : unmanaged, IBinaryInteger<TKey>
    {
        Vector512<TKey> top = Top<TKey>();
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
        {
            Vector512<T> elements = bits.As<TKey, T>();
            Vector512<TKey> key = bits ^ top ^ (Vector512.IsNegative(elements).As<T, TKey>() & ~top);
            key |= Vector512.IsNaN(elements).As<T, TKey>();
            return mergesZeros ? key - Vector512.Equals(key, ~top) : key;
        }

        if (typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16))
        {
            Vector512<short> halves = bits.As<TKey, short>();
            Vector512<short> magnitude = halves & Vector512.Create(short.MaxValue);
            Vector512<TKey> key = bits ^ top ^ (Vector512.ShiftRightArithmetic(halves, 15).As<short, TKey>() & ~top);
            key |= Vector512.GreaterThan(magnitude, Vector512.Create((short)(typeof(T) == typeof(Half) ? 0x7C00 : 0x7F80))).As<short, TKey>();
            return mergesZeros ? key - Vector512.Equals(key, ~top) : key;
        }

        return typeof(T) == typeof(byte) ? bits : bits ^ top;
    }

    /// <summary>The keys of elements that follow one another.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="count">How many.</param>
    /// <param name="flip">Turns the bits of keys.</param>
    /// <param name="mergesZeros">Whether -0 has the key of 0.</param>
    /// <param name="keys">Where the keys go; of the elements' size, or wider for elements of one or two bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Keys<T, TKey>(T* source, int count, ulong flip, bool mergesZeros, TKey* keys)
        where T : unmanaged
        where TKey : unmanaged, IBinaryInteger<TKey>
    {
        int index = 0;
        if (sizeof(T) == sizeof(TKey))
        {
            Vector512<TKey> turned = Vector512.Create(TKey.CreateTruncating(flip));
            for (; index <= count - Vector512<TKey>.Count; index += Vector512<TKey>.Count)
            {
                (Of<T, TKey>(Vector512.Load((TKey*)(source + index)), mergesZeros) ^ turned).Store(keys + index);
            }
        }

        for (; index < count; index++)
        {
            keys[index] = TKey.CreateTruncating((mergesZeros ? SortKey.OfEqual(source[index]) : SortKey.Of(source[index])) ^ flip);
        }
    }

    /// <summary>The elements of keys that follow one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Elements<T, TKey>(TKey* keys, int count, ulong flip, T* elements)
        where T : unmanaged
        where TKey : unmanaged, IBinaryInteger<TKey>
    {
        int index = 0;
        if (sizeof(T) == sizeof(TKey))
        {
            Vector512<TKey> turned = Vector512.Create(TKey.CreateTruncating(flip));
            Vector512<TKey> top = Top<TKey>();
            for (; index <= count - Vector512<T>.Count; index += Vector512<T>.Count)
            {
                Vector512<TKey> bits = Vector512.Load(keys + index) ^ turned ^ top;
                if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
                {
                    bits ^= Vector512.IsNegative(bits.As<TKey, T>()).As<T, TKey>() & ~top;
                }

                bits.As<TKey, T>().Store(elements + index);
            }
        }

        for (; index < count; index++)
        {
            elements[index] = SortKey.Element<T>(ulong.CreateTruncating(keys[index]) ^ flip);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<TKey> Top<TKey>()
        where TKey : unmanaged, IBinaryInteger<TKey> => Vector512.Create(TKey.One << ((sizeof(TKey) * 8) - 1));
}
