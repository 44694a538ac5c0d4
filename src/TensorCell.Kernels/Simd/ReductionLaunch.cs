using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// One reduction, ready to run any of its blocks on any thread. Positions run over outer kept, then reduced, then inner kept dimensions; the
/// reduced ones are cut into fixed blocks, each with accumulators of its own, so that results do not depend on threads.
/// </summary>
internal unsafe struct ReductionLaunch
{
    /// <summary>Values mapped at a time, in the first-level cache.</summary>
    public const int Chunk = 2048;

    /// <summary>Values of one row that are folded in one stretch.</summary>
    public const int RowBlock = 32 * 1024;

    private const int ColumnBlock = 128 * 1024;
    private const int LeastColumnRows = 256;

    public ElementwiseLaunch Map;
    public bool IsIdentity;
    public long Outer;
    public long Reduced;
    public long Inner;
    public long* Accumulators;
    public long* Indices;

    /// <summary>How many values along the fold a block takes.</summary>
    public readonly long BlockLength => Inner == 1 ? RowBlock : Math.Max(LeastColumnRows, ColumnBlock / Inner);

    /// <summary>How many blocks each outer position's fold is cut into.</summary>
    public readonly long Blocks => Math.Max(1, (Reduced + BlockLength - 1) / BlockLength);

    /// <summary>How many columns a task takes of a wide fold.</summary>
    private readonly long ColumnsPerTask => Math.Min(Inner, Chunk);

    /// <summary>How many outer positions a task takes of short folds.</summary>
    private readonly long OuterPerTask => Math.Max(1, RowBlock / Math.Max(1, Reduced * Inner));

    public readonly long Tasks =>
        (Outer + OuterPerTask - 1) / OuterPerTask * Blocks * ((Inner + ColumnsPerTask - 1) / ColumnsPerTask);

    /// <summary>Runs one task: a number of outer positions, one block of the fold and a stretch of columns.</summary>
    [SkipLocalsInit]
    public readonly void Run(KernelBody body, Fold fold, long task)
    {
        var stretches = (Inner + ColumnsPerTask - 1) / ColumnsPerTask;
        var column = task % stretches * ColumnsPerTask;
        var block = task / stretches % Blocks;
        var outer = task / stretches / Blocks * OuterPerTask;
        var end = Math.Min(Outer, outer + OuterPerTask);
        if (Inner == 1 && Reduced is > 0 and <= RowBlock)
        {
            RunRows(body, fold, outer, end);
            return;
        }

        var scratch = stackalloc byte[(Chunk * sizeof(long)) + KernelTables.Stride];
        scratch = (byte*)(((nuint)scratch + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));

        for (; outer < end; outer++)
        {
            if (Inner == 1)
            {
                RunRow(body, fold, outer, block, scratch);
            }
            else
            {
                RunColumns(body, fold, outer, block, column, Math.Min(ColumnsPerTask, Inner - column), scratch);
            }
        }
    }

    /// <summary>Folds whole rows, where nothing is kept inside the reduced dimensions and a row is one stretch.</summary>
    [SkipLocalsInit]
    public readonly void RunRows(KernelBody body, Fold fold, long outer, long end)
    {
        var scratch = stackalloc byte[(Chunk * sizeof(long)) + KernelTables.Stride];
        scratch = (byte*)(((nuint)scratch + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        if (Reduced <= Chunk / 2)
        {
            RunShortRows(body, fold, outer, end, scratch);
            return;
        }

        for (; outer < end; outer++)
        {
            RunRow(body, fold, outer, 0, scratch);
        }
    }

    private readonly void RunShortRows(KernelBody body, Fold fold, long outer, long end, byte* scratch)
    {
        var together = Chunk / Reduced;
        for (; outer < end; outer += together)
        {
            var rows = Math.Min(together, end - outer);
            var values = Values(body, outer * Reduced, rows * Reduced, scratch);
            fold.Clear(Accumulators + outer, Indices + outer, (int)rows);
            fold.Rows(values, (int)Reduced, (int)rows, Accumulators + outer, Indices + outer);
        }
    }

    private readonly void RunRow(KernelBody body, Fold fold, long outer, long block, byte* scratch)
    {
        var place = (outer * Blocks) + block;
        fold.Clear(Accumulators + place, Indices + place, 1);
        var begin = block * BlockLength;
        var end = Math.Min(Reduced, begin + BlockLength);
        var direct = IsIdentity && end > begin ? Map.Direct(0, (outer * Reduced) + begin, end - begin) : null;

        // In the same stretches whether values are mapped or lie there, so that fusing a map changes no rounding.
        for (var at = begin; at < end; at += Chunk)
        {
            var count = Math.Min(Chunk, end - at);
            var values = direct != null ? direct + ((at - begin) * Map.Sizes[0]) : Values(body, (outer * Reduced) + at, count, scratch);
            fold.Row(values, (int)count, at, Accumulators + place, Indices + place);
        }
    }

    private readonly void RunColumns(KernelBody body, Fold fold, long outer, long block, long column, long columns, byte* scratch)
    {
        var size = Map.Sizes[Map.InputCount];
        var place = (((outer * Blocks) + block) * Inner) + column;
        fold.Clear(Accumulators + place, Indices + place, (int)columns);
        var end = Math.Min(Reduced, (block + 1) * BlockLength);
        // Rows of all columns follow one another, so several can be mapped at once.
        var together = columns == Inner ? Math.Max(1, Chunk / Inner) : 1;
        for (var at = block * BlockLength; at < end; at += together)
        {
            var rows = Math.Min(together, end - at);
            var values = Values(body, (((outer * Reduced) + at) * Inner) + column, rows * columns, scratch);
            for (var row = 0; row < rows; row++)
            {
                fold.Columns(values + (row * columns * size), (int)columns, at + row, Accumulators + place, Indices + place);
            }
        }
    }

    /// <summary>The mapped values of some positions: where they lie, if they need no computation, else in scratch memory.</summary>
    private readonly byte* Values(KernelBody body, long start, long count, byte* scratch)
    {
        if (IsIdentity && Map.Direct(0, start, count) is var direct && direct != null)
        {
            return direct;
        }

        Map.RunInto(body, start, count, scratch);
        return scratch;
    }

    /// <summary>The result of one output, from its blocks' accumulators in order; halves are summed before the whole, for accuracy.</summary>
    public readonly Scalar Result(Fold fold, ReduceOperation operation, DType type, long outer, long inner)
    {
        var first = (outer * Blocks * Inner) + inner;
        Gather(fold, first, 0, Blocks);
        if (fold.IsIndexed)
        {
            return Indices[first];
        }

        var real = type.IsFloatingPoint;
        var value = BitConverter.Int64BitsToDouble(Accumulators[first]);
        return operation == ReduceOperation.Mean ? Scalar.From(type, value / Reduced)
            : real ? Scalar.From(type, value)
            : type == DType.Int32 ? (Scalar)(int)Accumulators[first]
            : (Scalar)Accumulators[first];
    }

    private readonly void Gather(Fold fold, long first, long start, long end)
    {
        if (end - start > 1)
        {
            var middle = start + ((end - start) / 2);
            Gather(fold, first, start, middle);
            Gather(fold, first, middle, end);
            var (earlier, later) = (first + (start * Inner), first + (middle * Inner));
            fold.Combine(Accumulators + later, Indices + later, 1, Accumulators + earlier, Indices + earlier);
        }
    }
}
