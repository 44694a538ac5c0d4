using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>Folds values of one type into accumulators of another, with four vectors of partial results in a fixed order.</summary>
internal sealed unsafe class ValueFold<T, TAccumulator, TOperation> : Fold
    where T : unmanaged
    where TAccumulator : unmanaged, INumber<TAccumulator>
    where TOperation : IFoldOperation<TAccumulator>
{
    private const int Lanes = 8;
    private const int SingleLanes = 16;

    /// <summary>How many values of f32 are folded in f32, pair by pair, before the result is folded in f64.</summary>
    private const int SingleGroup = 8 * SingleLanes;

    public override bool IsIndexed => false;

    public override void Clear(long* accumulators, long* indices, int count) =>
        new Span<TAccumulator>(accumulators, count).Fill(TOperation.Identity);

    public override void Row(byte* values, int count, long first, long* accumulator, long* index) =>
        *(TAccumulator*)accumulator = TOperation.Apply(*(TAccumulator*)accumulator, Total((T*)values, count));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Rows(byte* values, int count, int rows, long* accumulators, long* indices)
    {
        for (var row = 0; row < rows; row++)
        {
            ((TAccumulator*)accumulators)[row] = Total((T*)values + ((long)row * count), count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Columns(byte* values, int count, long at, long* accumulators, long* indices)
    {
        var source = (T*)values;
        var target = (TAccumulator*)accumulators;
        var i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            TOperation.Apply(Vector512.Load(target + i), Load(source + i)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = TOperation.Apply(target[i], Widen(source[i]));
        }
    }

    public override void Combine(long* later, long* laterIndices, int count, long* accumulators, long* indices)
    {
        for (var i = 0; i < count; i++)
        {
            ((TAccumulator*)accumulators)[i] = TOperation.Apply(((TAccumulator*)accumulators)[i], ((TAccumulator*)later)[i]);
        }
    }

    /// <summary>The fold of values that follow one another.</summary>
    public static TAccumulator Total(T* values, int count)
    {
        if (typeof(T) == typeof(float) && !TOperation.CanOverflow && count >= SingleLanes)
        {
            return Exact((float*)values, count);
        }

        if (typeof(T) != typeof(float) || count < SingleGroup)
        {
            return Wide(values, count);
        }

        var grouped = count / SingleGroup * SingleGroup;
        var result = TOperation.Apply(Grouped((float*)values, grouped), Wide(values + grouped, count - grouped));

        // Partial sums of a few values can overflow f32 where the whole does not.
        return TOperation.CanOverflow && !TAccumulator.IsFinite(result) ? Wide(values, count) : result;
    }

    /// <summary>The value as an accumulator.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TAccumulator Widen(T value)
    {
        if (typeof(T) == typeof(float))
        {
            double wide = Unsafe.BitCast<T, float>(value);
            return Unsafe.BitCast<double, TAccumulator>(wide);
        }

        if (typeof(T) == typeof(int))
        {
            long wide = Unsafe.BitCast<T, int>(value);
            return Unsafe.BitCast<long, TAccumulator>(wide);
        }

        return Unsafe.BitCast<T, TAccumulator>(value);
    }

    /// <summary>Every value is widened before it is folded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TAccumulator Wide(T* values, int count)
    {
        var i = 0;
        var result = TOperation.Identity;
        if (count >= 4 * Lanes)
        {
            var (a, b, c, d) = (Load(values), Load(values + Lanes), Load(values + (2 * Lanes)), Load(values + (3 * Lanes)));
            for (i = 4 * Lanes; i <= count - (4 * Lanes); i += 4 * Lanes)
            {
                a = TOperation.Apply(a, Load(values + i));
                b = TOperation.Apply(b, Load(values + i + Lanes));
                c = TOperation.Apply(c, Load(values + i + (2 * Lanes)));
                d = TOperation.Apply(d, Load(values + i + (3 * Lanes)));
            }

            result = Across(TOperation.Apply(TOperation.Apply(a, b), TOperation.Apply(c, d)));
        }

        for (; i < count; i++)
        {
            result = TOperation.Apply(result, Widen(values[i]));
        }

        return result;
    }

    /// <summary>Folds whole groups: widening every value would take longer than memory takes to deliver them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TAccumulator Grouped(float* values, int count)
    {
        var low = Vector512.Create(TOperation.Identity);
        var high = low;
        for (var end = values + count; values < end; values += SingleGroup)
        {
            var a = TOperation.ApplySingle(Vector512.Load(values), Vector512.Load(values + SingleLanes));
            var b = TOperation.ApplySingle(Vector512.Load(values + (2 * SingleLanes)), Vector512.Load(values + (3 * SingleLanes)));
            var c = TOperation.ApplySingle(Vector512.Load(values + (4 * SingleLanes)), Vector512.Load(values + (5 * SingleLanes)));
            var d = TOperation.ApplySingle(Vector512.Load(values + (6 * SingleLanes)), Vector512.Load(values + (7 * SingleLanes)));
            var group = TOperation.ApplySingle(TOperation.ApplySingle(a, b), TOperation.ApplySingle(c, d));
            low = TOperation.Apply(low, LaneHelpers.ToDouble(group.GetLower()).As<double, TAccumulator>());
            high = TOperation.Apply(high, LaneHelpers.ToDouble(group.GetUpper()).As<double, TAccumulator>());
        }

        return Across(TOperation.Apply(low, high));
    }

    /// <summary>What needs no wider type: the extremes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TAccumulator Exact(float* values, int count)
    {
        // The last vector overlaps the one before it, which changes no extreme.
        var last = values + count - SingleLanes;
        var (a, b, c, d) = (Vector512.Load(last), Vector512.Load(last), Vector512.Load(last), Vector512.Load(last));
        for (; values <= last - (3 * SingleLanes); values += 4 * SingleLanes)
        {
            a = TOperation.ApplySingle(a, Vector512.Load(values));
            b = TOperation.ApplySingle(b, Vector512.Load(values + SingleLanes));
            c = TOperation.ApplySingle(c, Vector512.Load(values + (2 * SingleLanes)));
            d = TOperation.ApplySingle(d, Vector512.Load(values + (3 * SingleLanes)));
        }

        for (; values < last; values += SingleLanes)
        {
            a = TOperation.ApplySingle(a, Vector512.Load(values));
        }

        var result = TOperation.ApplySingle(TOperation.ApplySingle(a, b), TOperation.ApplySingle(c, d));
        return Across(TOperation.Apply(
            LaneHelpers.ToDouble(result.GetLower()).As<double, TAccumulator>(), LaneHelpers.ToDouble(result.GetUpper()).As<double, TAccumulator>()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TAccumulator Across(Vector512<TAccumulator> lanes)
    {
        var half = TOperation.Apply(lanes.GetLower(), lanes.GetUpper());
        var quarter = TOperation.Apply(half.GetLower(), half.GetUpper());
        return TOperation.Apply(quarter[0], quarter[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<TAccumulator> Load(T* values)
    {
        if (typeof(T) == typeof(float))
        {
            return LaneHelpers.ToDouble(Vector256.Load((float*)values)).As<double, TAccumulator>();
        }

        return typeof(T) == typeof(int)
            ? LaneHelpers.ToInt64(Vector256.Load((int*)values)).As<long, TAccumulator>()
            : Vector512.Load((TAccumulator*)values);
    }
}
