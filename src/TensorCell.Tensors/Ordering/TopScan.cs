using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Ordering;

/// <summary>
/// Finds the few elements of a stretch of a line that may be among the first of it: of each lane of a few vectors the least key is kept, and the
/// k-th least of those is a limit that at least k keys keep, however the line is ordered.
/// </summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <typeparam name="TKey">Unsigned numbers of their size.</typeparam>
internal static unsafe class TopScan<T, TKey>
    where T : unmanaged
    where TKey : unmanaged, IBinaryInteger<TKey>
{
    /// <summary>The most vectors of least keys.</summary>
    public const int MostVectors = 8;

    /// <summary>The most least keys.</summary>
    public static int MostLanes => MostVectors * Vector512<TKey>.Count;

    /// <summary>Vectors of least keys that a stretch has.</summary>
    /// <param name="count">How many elements the stretch has.</param>
    /// <returns>As many that each lane stands for two elements or more.</returns>
    public static int VectorsOf(int count) => Math.Min(count / (2 * Vector512<TKey>.Count), MostVectors);

    /// <summary>How many of so many elements are in whole vectors.</summary>
    public static int WholeLanes(int count) => count & -Vector512<TKey>.Count;

    /// <summary>The least key of each lane of the whole vectors of a stretch.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="count">How many.</param>
    /// <param name="flip">Turns the bits of keys.</param>
    /// <param name="vectors">How many vectors of least keys to make.</param>
    /// <param name="least">Where they go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Least(T* elements, int count, TKey flip, int vectors, TKey* least)
    {
        if (vectors == MostVectors)
        {
            Least(elements, count, flip, least);
            return;
        }

        int lanes = Vector512<TKey>.Count;
        Vector512<TKey> turned = Vector512.Create(flip);
        for (int vector = 0; vector < vectors; vector++)
        {
            Vector512<TKey> lowest = Keys(elements + (vector * lanes), turned);
            for (int index = (vector + vectors) * lanes; index <= count - lanes; index += vectors * lanes)
            {
                lowest = Vector512.Min(lowest, Keys(elements + index, turned));
            }

            lowest.Store(least + (vector * lanes));
        }
    }

    /// <summary>A number that at least so many of the least keys are no greater than, and not many more.</summary>
    /// <param name="least">The least keys.</param>
    /// <param name="vectors">How many vectors of them.</param>
    /// <param name="wanted">How many; at most as many as there are.</param>
    public static TKey Limit(TKey* least, int vectors, int wanted)
    {
        // By bisection: each step decides about one bit of the result.
        int most = wanted + (((vectors * Vector512<TKey>.Count) - wanted) >> 4);
        TKey lower = TKey.Zero;
        for (TKey step = TKey.One << ((sizeof(TKey) * 8) - 1); step != TKey.Zero; step >>= 1)
        {
            TKey middle = lower + (step - TKey.One);
            int found = CountUpTo(least, vectors, middle);
            if (found < wanted)
            {
                lower += step;
            }
            else if (found <= most)
            {
                return middle;
            }
        }

        return lower;
    }

    /// <summary>How many of the least keys are no greater than a limit.</summary>
    public static int CountUpTo(TKey* least, int vectors, TKey limit)
    {
        Vector512<TKey> limits = Vector512.Create(limit);
        int found = 0;
        for (int vector = 0; vector < vectors; vector++)
        {
            Vector512<TKey> keys = Vector512.Load(least + (vector * Vector512<TKey>.Count));
            found += BitOperations.PopCount(Vector512.LessThanOrEqual(keys, limits).ExtractMostSignificantBits());
        }

        return found;
    }

    /// <summary>Where the elements are whose keys are no greater than a limit.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="count">How many.</param>
    /// <param name="flip">Turns the bits of keys.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="places">Where their indices go, in order; room for all.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Places(T* elements, int count, TKey flip, TKey limit, int* places)
    {
        Vector512<TKey> turned = Vector512.Create(flip);
        Vector512<TKey> limits = Vector512.Create(limit);
        int found = 0;
        int index = 0;
        for (; index <= count - Vector512<TKey>.Count; index += Vector512<TKey>.Count)
        {
            ulong kept = Vector512.LessThanOrEqual(Keys(elements + index, turned), limits).ExtractMostSignificantBits();
            for (; kept != 0; kept &= kept - 1)
            {
                places[found++] = index + BitOperations.TrailingZeroCount(kept);
            }
        }

        for (; index < count; index++)
        {
            if ((TKey.CreateTruncating(SortKey.OfEqual(elements[index])) ^ flip) <= limit)
            {
                places[found++] = index;
            }
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Least(T* elements, int count, TKey flip, TKey* least)
    {
        int lanes = Vector512<TKey>.Count;
        Vector512<TKey> turned = Vector512.Create(flip);
        Vector512<TKey> first = Keys(elements, turned);
        Vector512<TKey> second = Keys(elements + lanes, turned);
        Vector512<TKey> third = Keys(elements + (2 * lanes), turned);
        Vector512<TKey> fourth = Keys(elements + (3 * lanes), turned);
        Vector512<TKey> fifth = Keys(elements + (4 * lanes), turned);
        Vector512<TKey> sixth = Keys(elements + (5 * lanes), turned);
        Vector512<TKey> seventh = Keys(elements + (6 * lanes), turned);
        Vector512<TKey> eighth = Keys(elements + (7 * lanes), turned);
        int index = MostVectors * lanes;
        for (; index <= count - (MostVectors * lanes); index += MostVectors * lanes)
        {
            T* next = elements + index;
            first = Vector512.Min(first, Keys(next, turned));
            second = Vector512.Min(second, Keys(next + lanes, turned));
            third = Vector512.Min(third, Keys(next + (2 * lanes), turned));
            fourth = Vector512.Min(fourth, Keys(next + (3 * lanes), turned));
            fifth = Vector512.Min(fifth, Keys(next + (4 * lanes), turned));
            sixth = Vector512.Min(sixth, Keys(next + (5 * lanes), turned));
            seventh = Vector512.Min(seventh, Keys(next + (6 * lanes), turned));
            eighth = Vector512.Min(eighth, Keys(next + (7 * lanes), turned));
        }

        for (; index <= count - lanes; index += lanes)
        {
            first = Vector512.Min(first, Keys(elements + index, turned));
        }

        first.Store(least);
        second.Store(least + lanes);
        third.Store(least + (2 * lanes));
        fourth.Store(least + (3 * lanes));
        fifth.Store(least + (4 * lanes));
        sixth.Store(least + (5 * lanes));
        seventh.Store(least + (6 * lanes));
        eighth.Store(least + (7 * lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<TKey> Keys(T* elements, Vector512<TKey> turned) =>
        SortKeyVectors.Of<T, TKey>(Vector512.Load((TKey*)elements), mergesZeros: true) ^ turned;
}
