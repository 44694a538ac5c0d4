using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>Folds values of one type in states of the same type, or of a wider one.</summary>
internal sealed unsafe partial class ValueFold<T, TState, TOperation> : Fold
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
    where TState : unmanaged, INumber<TState>, IMinMaxValue<TState>
    where TOperation : IFoldOperation
{
    public override bool IsIndexed => false;

    public override int PlaceBytes => sizeof(TState);

    private static int Lanes => VectorBytes / sizeof(T);

    private static bool Widens => typeof(T) != typeof(TState);

    public override void Clear(byte* states, int lines) => new Span<TState>(states, lines * StateBytes / sizeof(TState)).Fill(TOperation.Identity<TState>());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Line(byte* values, long count, long first, byte* state)
    {
        T* from = (T*)values;
        T* end = from + count;
        Vector512<TState> low = Vector512.Load((TState*)state);
        Vector512<TState> high = Widens ? Vector512.Load((TState*)(state + VectorBytes)) : low;
        for (; Widens && end - from >= LongGroup * Lanes;)
        {
            Vector512<T> chain = Vector512<T>.Zero;
            (Vector512<T> second, Vector512<T> third, Vector512<T> fourth) = (chain, chain, chain);
            for (T* stop = from + (LongGroup * Lanes); from < stop; from += Chains * Lanes)
            {
                chain = TOperation.Apply(chain, Vector512.Load(from));
                second = TOperation.Apply(second, Vector512.Load(from + Lanes));
                third = TOperation.Apply(third, Vector512.Load(from + (2 * Lanes)));
                fourth = TOperation.Apply(fourth, Vector512.Load(from + (3 * Lanes)));
            }

            Accumulate(TOperation.Apply(TOperation.Apply(chain, second), TOperation.Apply(third, fourth)), ref low, ref high);
        }

        for (; end - from >= Group * Lanes; from += Group * Lanes)
        {
            Vector512<T> even = Vector512.Load(from);
            Vector512<T> odd = Vector512.Load(from + Lanes);
            for (int i = 2; i < Group; i += 2)
            {
                even = TOperation.Apply(even, Vector512.Load(from + (i * Lanes)));
                odd = TOperation.Apply(odd, Vector512.Load(from + ((i + 1) * Lanes)));
            }

            Accumulate(TOperation.Apply(even, odd), ref low, ref high);
        }

        for (; end - from >= Lanes; from += Lanes)
        {
            Accumulate(Vector512.Load(from), ref low, ref high);
        }

        if (from < end)
        {
            Vector512<T> rest = Vector512.Create(TOperation.Identity<T>());
            Unsafe.CopyBlockUnaligned(&rest, from, (uint)((byte*)end - (byte*)from));
            Accumulate(rest, ref low, ref high);
        }

        low.Store((TState*)state);
        if (Widens)
        {
            high.Store((TState*)(state + VectorBytes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Finish(byte* states, int lines, long* totals, long* indices)
    {
        for (int line = 0; line < lines; line++, states += StateBytes)
        {
            Vector512<TState> lanes = Vector512.Load((TState*)states);
            totals[line] = Total(Across(Widens ? TOperation.Apply(lanes, Vector512.Load((TState*)(states + VectorBytes))) : lanes));
        }
    }

    public override bool IsOverflown(long total) => Widens && !double.IsFinite(BitConverter.Int64BitsToDouble(total));

    public override void LineSafely(byte* values, long count, long* total)
    {
        double sum = 0;
        foreach (float value in new ReadOnlySpan<float>(values, (int)count))
        {
            sum += value;
        }

        *(double*)total += sum;
    }

    public override void Combine(long* later, long* laterIndices, long count, long* totals, long* indices)
    {
        for (long i = 0; i < count; i++)
        {
            totals[i] = typeof(T) == typeof(float) || typeof(T) == typeof(double)
                ? BitConverter.DoubleToInt64Bits(TOperation.Apply(((double*)totals)[i], ((double*)later)[i]))
                : TOperation.Apply(totals[i], later[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(Vector512<T> values, ref Vector512<TState> low, ref Vector512<TState> high)
    {
        low = TOperation.Apply(low, Half(values, 0));
        if (Widens)
        {
            high = TOperation.Apply(high, Half(values, 1));
        }
    }

    /// <summary>A half of a vector of f32 as f64; all of a vector that is not widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<TState> Half(Vector512<T> values, int half) => Widens
        ? LaneHelpers.ToDouble(half == 0 ? values.AsSingle().GetLower() : values.AsSingle().GetUpper()).As<double, TState>()
        : values.As<T, TState>();

    /// <summary>What the lanes of a vector come to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TState Across(Vector512<TState> lanes)
    {
        Vector256<TState> half = TOperation.Apply(lanes.GetLower(), lanes.GetUpper());
        Vector128<TState> quarter = TOperation.Apply(half.GetLower(), half.GetUpper());
        return sizeof(TState) == sizeof(long)
            ? TOperation.Apply(quarter[0], quarter[1])
            : TOperation.Apply(TOperation.Apply(quarter[0], quarter[2]), TOperation.Apply(quarter[1], quarter[3]));
    }

    /// <summary>A state's element as the eight bytes of a total.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Total(TState value)
    {
        if (typeof(TState) == typeof(float))
        {
            return BitConverter.DoubleToInt64Bits(Unsafe.BitCast<TState, float>(value));
        }

        return typeof(TState) == typeof(int) ? Unsafe.BitCast<TState, int>(value) : Unsafe.BitCast<TState, long>(value);
    }
}
