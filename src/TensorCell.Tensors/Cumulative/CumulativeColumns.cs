using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Cumulative;

/// <summary>Running totals of lines that lie beside each other, as many at once as fit a vector.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <typeparam name="TTotal">The type in which totals are kept: the elements' own, or double for float.</typeparam>
/// <typeparam name="TRule">How totals are joined.</typeparam>
internal static unsafe class CumulativeColumns<T, TTotal, TRule>
    where T : unmanaged, INumber<T>
    where TTotal : unmanaged, INumber<TTotal>
    where TRule : struct, IAccumulation<TTotal>
{
    /// <summary>Goes from row to row.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="target">Where its totals go; null to find only the last totals.</param>
    /// <param name="step">Elements from one row to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="running">The totals so far.</param>
    /// <param name="before">Totals to be joined before what is written, or null for none.</param>
    /// <param name="width">How many lines.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* source, T* target, nint step, int rows, TTotal* running, TTotal* before, int width)
    {
        for (; rows > 0; rows--)
        {
            int column = 0;
            for (; column <= width - Vector512<T>.Count; column += Vector512<T>.Count)
            {
                if (typeof(T) == typeof(TTotal))
                {
                    Vector512<TTotal> total = Join(running + column, Vector512.Load((TTotal*)(source + column)));
                    if (target is not null)
                    {
                        After(before, column, total).Store((TTotal*)(target + column));
                    }
                }
                else
                {
                    (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(Vector512.Load((float*)(source + column)));
                    int middle = column + Vector512<TTotal>.Count;
                    Vector512<TTotal> first = Join(running + column, lower.As<double, TTotal>());
                    Vector512<TTotal> second = Join(running + middle, upper.As<double, TTotal>());
                    if (target is not null)
                    {
                        Vector512.Narrow(After(before, column, first).AsDouble(), After(before, middle, second).AsDouble()).Store((float*)(target + column));
                    }
                }
            }

            for (; column < width; column++)
            {
                TTotal total = running[column] = TRule.Combine(running[column], TTotal.CreateTruncating(source[column]));
                if (target is not null)
                {
                    target[column] = T.CreateTruncating(before is null ? total : TRule.Combine(before[column], total));
                }
            }

            source += step;
            target = target is null ? null : target + step;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<TTotal> Join(TTotal* running, Vector512<TTotal> elements)
    {
        Vector512<TTotal> total = TRule.Combine(Vector512.Load(running), elements);
        total.Store(running);
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<TTotal> After(TTotal* before, int column, Vector512<TTotal> total) =>
        before is null ? total : TRule.Combine(Vector512.Load(before + column), total);
}
