using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>Finds the index of the first extreme, or of the first NaN. A state is the extreme and its index; an index of -1 stands for no value yet.</summary>
internal sealed unsafe class IndexFold<T, TTotal, TOperation> : Fold
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
    where TTotal : unmanaged, INumber<TTotal>, IMinMaxValue<TTotal>
    where TOperation : IExtremeOperation
{
    /// <summary>Values of which the extreme is found before its place is looked for: they stay in the first-level cache.</summary>
    private const int Stretch = 2048;

    public override bool IsIndexed => true;

    public override int PlaceBytes => 2 * sizeof(long);

    private static int Lanes => VectorBytes / sizeof(long);

    public override void Clear(byte* states, int lines)
    {
        for (int line = 0; line < lines; line++)
        {
            ((TTotal*)(states + (line * StateBytes)))[0] = TOperation.Identity<TTotal>();
            ((long*)(states + (line * StateBytes)))[1] = -1;
        }
    }

    public override void Line(byte* values, long count, long first, byte* state)
    {
        for (long at = 0; at < count; at += Stretch)
        {
            T* stretch = (T*)values + at;
            int length = (int)Math.Min(Stretch, count - at);
            T extreme = Extreme(stretch, length);
            TTotal wide = Wide(extreme);
            if (Beats(wide, *(TTotal*)state, ((long*)state)[1]))
            {
                *(TTotal*)state = wide;
                ((long*)state)[1] = first + at + IndexOf(stretch, length, extreme);
            }
        }
    }

    public override void Finish(byte* states, int lines, long* totals, long* indices)
    {
        for (int line = 0; line < lines; line++)
        {
            totals[line] = *(long*)(states + (line * StateBytes));
            indices[line] = ((long*)(states + (line * StateBytes)))[1];
        }
    }

    public override void ClearPlaces(byte* state, int places)
    {
        new Span<TTotal>(state, places).Fill(TOperation.Identity<TTotal>());
        new Span<long>((long*)state + places, places).Fill(-1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Across(byte* values, long stride, long lines, int places, long first, byte* state)
    {
        TTotal* best = (TTotal*)state;
        long* indices = (long*)state + places;
        for (long line = 0; line < lines; line++, values += stride)
        {
            int place = 0;
            if (indices[0] >= 0)
            {
                Vector512<long> at = Vector512.Create(first + line);
                for (; place <= places - Lanes; place += Lanes)
                {
                    Vector512<TTotal> value = Load((T*)values + place);
                    Vector512<TTotal> kept = Vector512.Load(best + place);
                    Vector512<TTotal> beats = TOperation.Beats(value, kept);
                    Vector512.ConditionalSelect(beats, value, kept).Store(best + place);
                    Vector512.ConditionalSelect(beats.AsInt64(), at, Vector512.Load(indices + place)).Store(indices + place);
                }
            }

            for (; place < places; place++)
            {
                TTotal value = Wide(((T*)values)[place]);
                if (Beats(value, best[place], indices[place]))
                {
                    best[place] = value;
                    indices[place] = first + line;
                }
            }
        }
    }

    public override void FinishPlaces(byte* state, int places, long* totals, long* indices)
    {
        new Span<long>(state, places).CopyTo(new Span<long>(totals, places));
        new Span<long>((long*)state + places, places).CopyTo(new Span<long>(indices, places));
    }

    public override void Combine(long* later, long* laterIndices, long count, long* totals, long* indices)
    {
        for (long i = 0; i < count; i++)
        {
            if (laterIndices[i] >= 0 && Beats(((TTotal*)later)[i], ((TTotal*)totals)[i], indices[i]))
            {
                totals[i] = later[i];
                indices[i] = laterIndices[i];
            }
        }
    }

    /// <summary>The extreme of some values, or NaN if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Extreme(T* values, int length)
    {
        int lanes = Vector512<T>.Count;
        if (length < lanes)
        {
            T extreme = values[0];
            for (int place = 1; place < length; place++)
            {
                extreme = TOperation.Apply(extreme, values[place]);
            }

            return extreme;
        }

        // The last vector may share values with the one before it: an extreme is the same of a value met twice.
        Vector512<T> even = Vector512.Load(values);
        Vector512<T> odd = Vector512.Load(values + length - lanes);
        int at = lanes;
        for (; at <= length - (4 * lanes); at += 4 * lanes)
        {
            even = TOperation.Apply(even, TOperation.Apply(Vector512.Load(values + at), Vector512.Load(values + at + lanes)));
            odd = TOperation.Apply(odd, TOperation.Apply(Vector512.Load(values + at + (2 * lanes)), Vector512.Load(values + at + (3 * lanes))));
        }

        for (; at <= length - lanes; at += lanes)
        {
            even = TOperation.Apply(even, Vector512.Load(values + at));
        }

        return ValueFold<T, T, TOperation>.Across(TOperation.Apply(even, odd));
    }

    /// <summary>Where among values the first is that is the same as one of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int IndexOf(T* values, int length, T wanted)
    {
        int lanes = Vector512<T>.Count;
        int at = 0;
        if (!T.IsNaN(wanted))
        {
            Vector512<T> all = Vector512.Create(wanted);
            for (; at <= length - (4 * lanes); at += 4 * lanes)
            {
                ulong found = EqualLanes(values + at, all) | (EqualLanes(values + at + lanes, all) << lanes)
                    | (EqualLanes(values + at + (2 * lanes), all) << (2 * lanes)) | (EqualLanes(values + at + (3 * lanes), all) << (3 * lanes));
                if (found != 0)
                {
                    return at + BitOperations.TrailingZeroCount(found);
                }
            }
        }

        while (values[at] != wanted && !(T.IsNaN(wanted) && T.IsNaN(values[at])))
        {
            at++;
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EqualLanes(T* values, Vector512<T> wanted) =>
        Vector512.Equals(Vector512.Load(values), wanted).ExtractMostSignificantBits();

    /// <summary>Whether a later value takes the place of the one at an index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Beats(TTotal value, TTotal best, long index) =>
        index < 0 || (value != best && !TTotal.IsNaN(best) && Same(TOperation.Apply(value, best), value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Same(TTotal x, TTotal y) => x == y || (TTotal.IsNaN(x) && TTotal.IsNaN(y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTotal Wide(T value)
    {
        if (typeof(T) == typeof(float))
        {
            double wide = Unsafe.BitCast<T, float>(value);
            return Unsafe.BitCast<double, TTotal>(wide);
        }

        if (typeof(T) == typeof(int))
        {
            long wide = Unsafe.BitCast<T, int>(value);
            return Unsafe.BitCast<long, TTotal>(wide);
        }

        return Unsafe.BitCast<T, TTotal>(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<TTotal> Load(T* values)
    {
        if (typeof(T) == typeof(float))
        {
            return LaneHelpers.ToDouble(Vector256.Load((float*)values)).As<double, TTotal>();
        }

        return typeof(T) == typeof(int)
            ? LaneHelpers.ToInt64(Vector256.Load((int*)values)).As<long, TTotal>()
            : Vector512.Load((TTotal*)values);
    }
}
