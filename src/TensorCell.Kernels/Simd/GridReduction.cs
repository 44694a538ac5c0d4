using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Folds what a kernel's items return. Items are cut into fixed blocks, each folded into an accumulator of its own, and the blocks' accumulators
/// are combined in a fixed order: the result does not depend on threads.
/// </summary>
internal static unsafe class GridReduction
{
    /// <summary>Items whose values are computed before they are folded: they stay in the first-level cache.</summary>
    private const int Chunk = 2048;

    /// <summary>Items of a block.</summary>
    private const int Block = 32 * 1024;

    /// <summary>Runs a launch and folds its only result.</summary>
    public static Scalar Run(GridLaunch launch, ReduceOperation operation, DType type)
    {
        var fold = Fold.Of(operation, type);
        var (x, rows) = ((long)launch.Extent.X, (long)launch.Extent.Y * launch.Extent.Z);
        var segment = Math.Min(x, Block);
        var segments = (x + segment - 1) / segment;
        var together = Math.Max(1, Block / x);
        var blocks = (rows + together - 1) / together * segments;
        var accumulators = (long*)NativeMemory.Alloc((nuint)blocks, 2 * sizeof(long));
        try
        {
            fold.Clear(accumulators, accumulators + blocks, checked((int)blocks));
            var place = (nint)accumulators;
            launch.Run(blocks, blocks > 1, (frame, index) =>
            {
                var first = index / segments * together;
                var begin = index % segments * segment;
                for (var row = first; row < Math.Min(rows, first + together); row++)
                {
                    RunRow(launch, fold, type, frame, row, begin, Math.Min(x, begin + segment), (long*)place + index, (long*)place + blocks + index);
                }
            });
            Gather(fold, accumulators, accumulators + blocks, 0, blocks);
            return Result(fold, operation, type, accumulators[0], accumulators[blocks], launch.Extent.Count);
        }
        finally
        {
            NativeMemory.Free(accumulators);
        }
    }

    [SkipLocalsInit]
    private static void RunRow(
        GridLaunch launch, Fold fold, DType type, nint frame, long row, long begin, long end, long* accumulator, long* index)
    {
        var memory = stackalloc byte[(Chunk * sizeof(long)) + 64];
        var values = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        for (; begin < end; begin += Chunk)
        {
            var count = (int)Math.Min(Chunk, end - begin);
            launch.RunInto(frame, row, begin, begin + count, values);
            fold.Row(values, count, (row * launch.Extent.X) + begin, accumulator, index);
        }
    }

    /// <summary>Combines halves before the whole, for accuracy.</summary>
    private static void Gather(Fold fold, long* accumulators, long* indices, long start, long end)
    {
        if (end - start > 1)
        {
            var middle = start + ((end - start) / 2);
            Gather(fold, accumulators, indices, start, middle);
            Gather(fold, accumulators, indices, middle, end);
            fold.Combine(accumulators + middle, indices + middle, 1, accumulators + start, indices + start);
        }
    }

    private static Scalar Result(Fold fold, ReduceOperation operation, DType type, long accumulator, long index, long count)
    {
        if (fold.IsIndexed)
        {
            return index;
        }

        var value = BitConverter.Int64BitsToDouble(accumulator);
        return operation == ReduceOperation.Mean ? Scalar.From(type, value / count)
            : type.IsFloatingPoint ? Scalar.From(type, value)
            : type == DType.Int32 ? (Scalar)(int)accumulator
            : (Scalar)accumulator;
    }
}
