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

    public override bool IsIndexed => false;

    public override void Clear(long* accumulators, long* indices, int count) =>
        new Span<TAccumulator>(accumulators, count).Fill(TOperation.Identity);

    public override void Row(byte* values, int count, long first, long* accumulator, long* index) =>
        *(TAccumulator*)accumulator = TOperation.Apply(*(TAccumulator*)accumulator, Total((T*)values, count));

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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TAccumulator Total(T* values, int count)
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

            a = TOperation.Apply(TOperation.Apply(a, b), TOperation.Apply(c, d));
            for (var lane = 0; lane < Lanes; lane++)
            {
                result = TOperation.Apply(result, a[lane]);
            }
        }

        for (; i < count; i++)
        {
            result = TOperation.Apply(result, Widen(values[i]));
        }

        return result;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TAccumulator Widen(T value)
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
}
