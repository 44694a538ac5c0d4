using System.Numerics;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Scans in two passes over fixed blocks (Blelloch, Prefix Sums and Their Applications, 1990): totals of blocks first, then each block from
/// what comes before it. The result does not depend on threads.
/// </summary>
internal static class GridScan
{
    private const int Block = 16 * 1024;

    /// <summary>Replaces each value by its combination with all before it, or with an exclusive scan by that of all before it.</summary>
    public static void Run<T>(View<T> values, ScanOperation operation, bool isExclusive)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        switch (operation)
        {
            case ScanOperation.Add:
                Run(values, T.Zero, isExclusive, static (a, b) => unchecked(a + b));
                break;
            case ScanOperation.Multiply:
                Run(values, T.One, isExclusive, static (a, b) => unchecked(a * b));
                break;
            case ScanOperation.Min:
                Run(values, Greatest<T>(), isExclusive, T.Min);
                break;
            default:
                Run(values, Least<T>(), isExclusive, T.Max);
                break;
        }
    }

    private static T Greatest<T>()
        where T : INumber<T>, IMinMaxValue<T> => T.IsInfinity(T.CreateSaturating(double.PositiveInfinity)) ? T.CreateSaturating(double.PositiveInfinity) : T.MaxValue;

    private static T Least<T>()
        where T : INumber<T>, IMinMaxValue<T> => T.IsInfinity(T.CreateSaturating(double.NegativeInfinity)) ? T.CreateSaturating(double.NegativeInfinity) : T.MinValue;

    private static void Run<T>(View<T> values, T nothing, bool isExclusive, Func<T, T, T> combine)
        where T : unmanaged
    {
        var blocks = (int)(((long)values.Length + Block - 1) / Block);
        var before = new T[Math.Max(1, blocks)];
        if (blocks > 1)
        {
            Workers.For(blocks - 1, block =>
            {
                var total = nothing;
                for (var i = block * Block; i < (block + 1) * Block; i++)
                {
                    total = combine(total, values[i]);
                }

                before[block + 1] = total;
            });
        }

        before[0] = nothing;
        for (var block = 1; block < blocks; block++)
        {
            before[block] = combine(before[block - 1], before[block]);
        }

        Workers.For(blocks, block =>
        {
            var total = before[block];
            for (var i = block * Block; i < (int)Math.Min(values.Length, (block + 1L) * Block); i++)
            {
                var next = combine(total, values[i]);
                values[i] = isExclusive ? total : next;
                total = next;
            }
        });
    }
}
