using System.Runtime.CompilerServices;

namespace TensorCell.Kernels.Simd;

/// <summary>One launch of a grid program, its views held in place: its blocks run in any order on any threads.</summary>
internal sealed unsafe class GridLaunch
{
    /// <summary>Stretches of fewer steps are left to the narrow code: what whole steps need before the first costs more than they gain.</summary>
    private const int LeastSteps = 2;

    /// <summary>Estimated nanoseconds of work below which other threads would cost more than they help.</summary>
    private const double WorthSharing = 8000;

    /// <summary>Estimated nanoseconds of work in a block: short enough to be interrupted between, long enough to amortise claiming it.</summary>
    private const double BlockDuration = 50_000;

    /// <summary>The fewest blocks that each thread gets, where there is work for them: items may take times of their own.</summary>
    private const int BlocksPerThread = 16;

    private readonly byte* block;
    private readonly GridBody? wide;
    private readonly GridBody narrow;
    private readonly int frameBytes;
    private readonly long x;
    private readonly long y;
    private readonly long rows;
    private readonly long segment;
    private readonly long rowsPerBlock;
    private readonly bool isShared;
    private readonly nint[] results;
    private readonly int[] resultSizes;
    private readonly Lock failing = new();
    private long failedBlock = long.MaxValue;
    private Exception? failure;

    /// <param name="code">The code.</param>
    /// <param name="block">The launch block, filled.</param>
    /// <param name="extent">How many items there are.</param>
    /// <param name="results">Where each result of the first item goes, those of the others following.</param>
    public GridLaunch(GridCode code, byte* block, Extent extent, nint[] results)
    {
        (Code, Extent) = (code, extent);
        this.block = block;
        this.results = results;
        resultSizes = [.. code.Plan.Program.Results.Select(result => result.Type.Size)];
        (x, y, rows) = (extent.X, extent.Y, (long)extent.Y * extent.Z);
        frameBytes = code.Plan.Layout.FrameBytes;
        wide = x >= LeastSteps * code.Step ? code.Wide.Body : null;
        narrow = code.Narrow.Body;
        var cost = code.NanosecondsPerItem;
        isShared = cost * x * rows > WorthSharing;
        var items = Math.Min(BlockDuration / cost, Math.Max((double)x * rows / (Workers.ThreadCount * BlocksPerThread), WorthSharing / cost));
        segment = items >= x ? x : Math.Max(1, (long)items / code.Step) * code.Step;
        rowsPerBlock = items >= x ? Math.Max(1, (long)(items / x)) : 1;
    }

    /// <summary>What runs.</summary>
    public GridCode Code { get; }

    /// <summary>How many items there are.</summary>
    public Extent Extent { get; }

    private long SegmentsPerRow => (x + segment - 1) / segment;

    private long Blocks => (rows + rowsPerBlock - 1) / rowsPerBlock * SegmentsPerRow;

    /// <summary>Runs all items.</summary>
    /// <exception cref="GridFault">An access was out of range: of the first item, in the order of the space, where several are.</exception>
    public void Run() => Run(Blocks, isShared, (frame, index) =>
    {
        var first = index / SegmentsPerRow * rowsPerBlock;
        var begin = index % SegmentsPerRow * segment;
        for (var row = first; row < Math.Min(rows, first + rowsPerBlock); row++)
        {
            for (var i = 0; i < results.Length; i++)
            {
                ((nint*)((byte*)frame + GridLayout.Results))[i] = results[i] + (nint)(row * x * resultSizes[i]);
            }

            RunRow((byte*)frame, (int)(row / y), (int)(row % y), (int)begin, (int)Math.Min(x, begin + segment));
        }
    });

    /// <summary>Runs blocks that the caller divides the items into.</summary>
    /// <param name="count">How many.</param>
    /// <param name="shared">Whether several threads take part.</param>
    /// <param name="body">Runs a block, given a frame and its number.</param>
    public void Run(long count, bool shared, Action<nint, long> body)
    {
        if (shared)
        {
            // Launches of more blocks than an int counts take several at a time.
            var together = (count / (1 << 30)) + 1;
            Workers.For((int)((count + together - 1) / together), index =>
            {
                for (var i = index * together; i < Math.Min(count, (index + 1) * together); i++)
                {
                    RunBlock(i, body);
                }
            });
        }
        else
        {
            Interruption.Check();
            for (long i = 0; i < count; i++)
            {
                RunBlock(i, body);
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Runs a stretch of a row, with its only result going to where the caller says.</summary>
    public void RunInto(nint frame, long row, long begin, long end, byte* target)
    {
        *(byte**)((byte*)frame + GridLayout.Results) = target - (begin * resultSizes[0]);
        RunRow((byte*)frame, (int)(row / y), (int)(row % y), (int)begin, (int)end);
    }

    /// <summary>Runs a block; an error is kept, so that blocks before it can still tell of an earlier one.</summary>
    [SkipLocalsInit]
    private void RunBlock(long index, Action<nint, long> body)
    {
        if (index > Volatile.Read(ref failedBlock))
        {
            return;
        }

        var memory = stackalloc byte[frameBytes + 64];
        try
        {
            body((nint)(((nuint)memory + 63) & ~(nuint)63), index);
        }
        catch (Exception exception) when (exception is GridFault or DivideByZeroException)
        {
            lock (failing)
            {
                if (index < failedBlock)
                {
                    failure = exception;
                    Volatile.Write(ref failedBlock, index);
                }
            }
        }
    }

    private void RunRow(byte* frame, int z, int y, int begin, int end)
    {
        if (wide is null)
        {
            narrow(block, frame, z, y, begin, end);
            return;
        }

        try
        {
            wide(block, frame, z, y, begin, end);
        }
        catch (Exception exception) when (exception is GridFault or DivideByZeroException)
        {
            // The items before may fail too, and then are the first to.
            var before = (int)Math.Min(*(long*)(frame + GridLayout.Begin), end);
            if (before > begin)
            {
                narrow(block, frame, z, y, begin, before);
            }

            throw;
        }

        var (from, to) = (*(long*)(frame + GridLayout.Begin), *(long*)(frame + GridLayout.End));
        if (from >= to)
        {
            narrow(block, frame, z, y, begin, end);
            return;
        }

        if (from > begin)
        {
            narrow(block, frame, z, y, begin, (int)from);
        }

        if (to < end)
        {
            narrow(block, frame, z, y, (int)to, end);
        }
    }
}
