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
            var place = (nint)accumulators;
            launch.Run(blocks, blocks > 1, (frame, index) =>
            {
                var first = index / segments * together;
                var begin = index % segments * segment;
                long* total = (long*)place + index;
                byte* state = stackalloc byte[Fold.StateBytes];
                fold.Clear(state, 1);
                fold.Finish(state, 1, total, total + blocks);
                for (var row = first; row < Math.Min(rows, first + together); row++)
                {
                    RunRow(launch, fold, frame, row, begin, Math.Min(x, begin + segment), total, total + blocks);
                }
            });
            fold.CombineBlocks(accumulators, accumulators + blocks, 1, blocks, 1);
            return Result(fold, operation, type, accumulators[0], accumulators[blocks], launch.Extent.Count);
        }
        finally
        {
            NativeMemory.Free(accumulators);
        }
    }

    /// <summary>Folds the items of a row into a total. They are computed once only, so that each chunk is folded for good while its values are there.</summary>
    [SkipLocalsInit]
    private static void RunRow(GridLaunch launch, Fold fold, nint frame, long row, long begin, long end, long* total, long* index)
    {
        byte* state = stackalloc byte[Fold.StateBytes];
        long chunk, chunkIndex;
        var memory = stackalloc byte[(Chunk * sizeof(long)) + 64];
        var values = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        for (; begin < end; begin += Chunk)
        {
            var count = (int)Math.Min(Chunk, end - begin);
            launch.RunInto(frame, row, begin, begin + count, values);
            fold.Clear(state, 1);
            fold.Line(values, count, (row * launch.Extent.X) + begin, state);
            fold.Finish(state, 1, &chunk, &chunkIndex);
            if (fold.IsOverflown(chunk))
            {
                chunk = 0;
                fold.LineSafely(values, count, &chunk);
            }

            fold.Combine(&chunk, &chunkIndex, 1, total, index);
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
