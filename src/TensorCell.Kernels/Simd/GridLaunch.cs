using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// One launch of a grid program, its views held in place, ready to run any rows of it on any thread. It lives on the stack of the launching
/// thread, which waits until all are done.
/// </summary>
internal unsafe struct GridLaunch
{
    /// <summary>The smallest stretch that whole steps are tried on: below, their preparation costs more than it gains.</summary>
    private const int LeastSteps = 2;

    public byte* Block;
    public GridBody? Wide;
    public GridBody? Narrow;
    public int Step;
    public int FrameBytes;
    public long X;
    public long Y;
    public long Z;

    /// <summary>Items of a row that one thread takes at a time.</summary>
    public long Segment;

    /// <summary>Rows that one thread takes at a time.</summary>
    public long RowsPerBlock;

    public readonly long SegmentsPerRow => (X + Segment - 1) / Segment;

    public readonly long Blocks => ((Y * Z) + RowsPerBlock - 1) / RowsPerBlock * SegmentsPerRow;

    /// <summary>Runs one block: a stretch of some rows.</summary>
    /// <param name="block">Which.</param>
    /// <param name="results">Where each result of item 0 of the space lies, each row following the other; null for none.</param>
    /// <param name="sizes">The size of each result.</param>
    /// <param name="resultCount">How many results there are.</param>
    [SkipLocalsInit]
    public readonly void Run(long block, byte** results, int* sizes, int resultCount)
    {
        var memory = stackalloc byte[FrameBytes + 64];
        var frame = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        var first = block / SegmentsPerRow * RowsPerBlock;
        var begin = block % SegmentsPerRow * Segment;
        var end = Math.Min(X, begin + Segment);
        for (var row = first; row < Math.Min(Y * Z, first + RowsPerBlock); row++)
        {
            for (var i = 0; i < resultCount; i++)
            {
                *(byte**)(frame + GridLayout.Results + (i * sizeof(long))) = results[i] + (row * X * sizes[i]);
            }

            RunRow(frame, (int)(row / Y), (int)(row % Y), (int)begin, (int)end);
        }
    }

    private readonly void RunRow(byte* frame, int z, int y, int begin, int end)
    {
        if (Wide is null)
        {
            Narrow!(Block, frame, z, y, begin, end);
            return;
        }

        try
        {
            Wide(Block, frame, z, y, begin, end);
        }
        catch (Exception exception) when (exception is GridFault or DivideByZeroException)
        {
            // The items before may fail too, and then are the first to.
            var before = (int)Math.Min(*(long*)(frame + GridLayout.Begin), end);
            if (before > begin)
            {
                Narrow!(Block, frame, z, y, begin, before);
            }

            throw;
        }

        var (from, to) = ((int)*(long*)(frame + GridLayout.Begin), (int)*(long*)(frame + GridLayout.End));
        if (from >= to)
        {
            Narrow!(Block, frame, z, y, begin, end);
            return;
        }

        if (from > begin)
        {
            Narrow!(Block, frame, z, y, begin, from);
        }

        if (to < end)
        {
            Narrow!(Block, frame, z, y, to, end);
        }
    }

    /// <summary>Whether stretches so long are worth the wide code.</summary>
    public static bool IsWorthWide(long length, int step) => length >= LeastSteps * step;
}
