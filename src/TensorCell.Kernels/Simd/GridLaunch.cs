using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

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

    /// <summary>Larger frames do not go on the stack.</summary>
    private const int MostStack = 64 * 1024;

    private readonly byte* block;
    private readonly long bytes;
    private GridBody? wide;
    private readonly GridBody narrow;
    private readonly int frameBytes;
    private readonly long x;
    private readonly long y;
    private readonly long rows;
    private readonly long segment;
    private readonly long rowsPerBlock;
    private readonly bool isShared;
    private readonly bool isGrouped;
    private readonly nint[] results;
    private readonly int[] resultSizes;
    private readonly Lock failing = new();
    private long failedBlock = long.MaxValue;
    private Exception? failure;

    /// <param name="code">The code.</param>
    /// <param name="block">The launch block, filled.</param>
    /// <param name="extent">How many items there are.</param>
    /// <param name="results">Where each result of the first item goes, those of the others following.</param>
    /// <param name="bytes">Bytes of all views.</param>
    public GridLaunch(GridCode code, byte* block, Extent extent, nint[] results, long bytes)
    {
        this.bytes = bytes;
        (Code, Extent) = (code, extent);
        this.block = block;
        this.results = results;
        resultSizes = [.. code.Plan.Program.Results.Select(result => result.Type.Size)];
        var groups = code.Plan.Program.GroupExtents;
        isGrouped = !groups.IsEmpty;
        (x, y, rows) = (extent.X, extent.Y, (long)extent.Y * extent.Z);
        var cost = code.NanosecondsPerItem;
        if (isGrouped)
        {
            // A row is then one of groups.
            (x, y, var z) = ((x + groups[0] - 1) / groups[0], (y + groups[1] - 1) / groups[1], ((long)extent.Z + groups[2] - 1) / groups[2]);
            rows = y * z;
            cost *= groups[0] * groups[1] * groups[2];
        }

        wide = !isGrouped && x >= LeastSteps * code.Step ? code.Wide.Body : null;
        narrow = code.Narrow.Body;
        frameBytes = code.Narrow.FrameBytes;
        isShared = cost * x * rows > WorthSharing;
        var items = Math.Min(BlockDuration / cost, Math.Max((double)x * rows / (Workers.ThreadCount * BlocksPerThread), WorthSharing / cost));
        segment = items >= x ? x : isGrouped ? Math.Max(1, (long)items) : Math.Max(1, (long)items / code.Step) * code.Step;
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
        if (wide is not null && bytes > Elementwise.StreamedBeyond && CanStream())
        {
            wide = Code.Streaming.Body;
        }

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

    /// <summary>Whether there is something to store past the caches, and all rows of it are aligned to whole vectors.</summary>
    private bool CanStream()
    {
        foreach (var access in Code.WidePlan.Streamed)
        {
            var view = (long*)(block + Code.Plan.Layout.Views + (((ViewOperand)access.Operand).Index * GridLayout.ViewBytes));
            long vector = Code.WidePlan.Lanes * access.Operand.Storage.Size;
            if (view[GridLayout.Address / sizeof(long)] % vector != 0)
            {
                return false;
            }

            for (var d = 0; d < access.Indices.Count; d++)
            {
                if (d != access.LaneDimension && view[(GridLayout.Strides / sizeof(long)) + d] % vector != 0)
                {
                    return false;
                }
            }
        }

        return Code.WidePlan.Streamed.Count > 0;
    }

    /// <summary>Runs a stretch of a row, with its only result going to where the caller says.</summary>
    public void RunInto(nint frame, long row, long begin, long end, byte* target)
    {
        *(byte**)((byte*)frame + GridLayout.Results) = target - (begin * resultSizes[0]);
        RunRow((byte*)frame, (int)(row / y), (int)(row % y), (int)begin, (int)end);
    }

    /// <summary>Runs a block; an error is kept, so that blocks before it can still tell of an earlier one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void RunBlock(long index, Action<nint, long> body)
    {
        if (index > Volatile.Read(ref failedBlock))
        {
            return;
        }

        if (frameBytes > MostStack)
        {
            var memory = NativeMemory.AlignedAlloc((nuint)frameBytes, 64);
            try
            {
                RunBlock(index, body, (byte*)memory);
            }
            finally
            {
                NativeMemory.AlignedFree(memory);
            }
        }
        else
        {
            var memory = stackalloc byte[frameBytes + 64];
            RunBlock(index, body, (byte*)(((nuint)memory + 63) & ~(nuint)63));
        }
    }

    private void RunBlock(long index, Action<nint, long> body, byte* frame)
    {
        FillShared(frame);
        try
        {
            body((nint)frame, index);
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

    private void FillShared(byte* frame)
    {
        foreach (var operand in Code.Plan.Program.Shared)
        {
            var at = (long*)(frame + GridLayout.SharedBlocks + (operand.Index * GridLayout.ViewBytes));
            long stride = operand.Storage.Size;
            at[GridLayout.Address / sizeof(long)] = (long)(frame + Code.Plan.Layout.Shared[operand.Index]);
            at[GridLayout.ElementSize / sizeof(long)] = stride;
            for (var d = operand.Rank - 1; d >= 0; d--)
            {
                at[(GridLayout.Lengths / sizeof(long)) + d] = operand.Lengths[d];
                at[(GridLayout.Strides / sizeof(long)) + d] = stride;
                stride *= operand.Lengths[d];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRow(byte* frame, int z, int y, int begin, int end)
    {
        if (isGrouped)
        {
            for (; begin < end; begin++)
            {
                narrow(block, frame, z, y, begin, 0);
            }

            return;
        }

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
