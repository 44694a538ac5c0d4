using System.Diagnostics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Runs functions and folds of the rows of one shape one after the other for a few rows at a time, so that what a step leaves for the next ones is
/// still in the nearest cache, and what several steps read comes from memory once. Every result is what the steps give one by one.
/// </summary>
internal static unsafe class RowPipeline
{
    /// <summary>Elements of the longest row.</summary>
    public const int LongestRow = ReductionLaunch.RowBlock;

    /// <summary>Bytes of rows, of all operands together, that are worked on at a time: they stay in the nearest caches.</summary>
    private const int BlockBytes = 64 * 1024;

    private const int MostRows = 512;
    private const int Page = 4096;

    /// <summary>Bytes beyond which arrays are not in the second cache.</summary>
    private const long PrefetchedBeyond = 512 * 1024;

    /// <summary>Elements below which other threads would cost more than they help.</summary>
    private const long WorthSharing = 16 * 1024;

    /// <summary>Runs the steps.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="length">Elements of a row, at most <see cref="LongestRow"/>.</param>
    /// <param name="steps">Each after those whose results it reads.</param>
    /// <param name="slots">For each slot, bytes per element.</param>
    public static void Run(long rows, long length, RowStep[] steps, int[] slots)
    {
        long start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;
        long bytes = Bytes(rows, length, steps);
        RowLaunch[] launches = new RowLaunch[steps.Length];
        try
        {
            ulong[] prefetched = bytes > PrefetchedBeyond ? Prefetched(steps) : new ulong[steps.Length];
            long together = Together(rows, length, slots, bytes);
            for (int i = 0; i < steps.Length; i++)
            {
                // What a step stores and reads again is not better off outside the caches.
                bool streams = bytes > Elementwise.StreamedBeyond
                    && !steps.Any(step => step.Inputs.Any(input => input.Slot < 0 && steps[i].Outputs.Any(output => output.Address == input.Address)));
                launches[i] = new(steps[i], rows, length, streams, prefetched[i], Distance(together * length, steps[i]));
            }

            Run(rows, length, together, launches, slots);
            if (start != 0 && Tracing.IsEnabled)
            {
                double flops = launches.Zip(steps, (launch, step) => launch.FlopsPerElement * rows * (step.IsPerRow ? 1 : length)).Sum();
                string name = string.Join(' ', steps.Select(step => step.Function.Name));
                Tracing.Write(new(TraceKind.Kernel, name, "cpu", start, Stopwatch.GetTimestamp(), bytes, flops));
            }
        }
        finally
        {
            foreach (RowLaunch? launch in launches)
            {
                launch?.Dispose();
            }
        }
    }

    /// <summary>How many rows are worked on at a time.</summary>
    private static long Together(long rows, long length, int[] slots, long bytes)
    {
        long rowBytes = Math.Max(1, (bytes / Math.Max(1, rows)) + (slots.Sum() * length));
        return Math.Clamp(BlockBytes / rowBytes, 1, Math.Min(MostRows, Math.Max(1, rows)));
    }

    private static void Run(long rows, long length, long together, RowLaunch[] launches, int[] slots)
    {
        int[] places = new int[slots.Length];
        int slotBytes = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            places[i] = slotBytes;
            slotBytes += (int)((together * length * slots[i]) + CpuBuffer.Alignment - 1) & -CpuBuffer.Alignment;
        }

        bool isShared = rows * length >= WorthSharing;
        long blocks = (rows + together - 1) / together;

        // A task of several blocks: claiming one costs more than running a short row.
        long blocksPerTask = Math.Max(Math.Max(1, blocks / (1 << 30)), Math.Min(8, blocks / (16 * Workers.ThreadCount)));
        int tasks = (int)((blocks + blocksPerTask - 1) / blocksPerTask);
        using CpuBuffer scratch = CpuBuffer.Allocate(Math.Max(1, (isShared ? Workers.ThreadCount : 1) * (long)slotBytes));
        nint address = scratch.Address;
        if (isShared)
        {
            Workers.For(tasks, (task, participant) => RunTask(task, (byte*)address + ((long)participant * slotBytes)));
        }
        else
        {
            Interruption.Check();
            for (int task = 0; task < tasks; task++)
            {
                RunTask(task, (byte*)address);
            }
        }

        GC.KeepAlive(scratch);

        [SkipLocalsInit]
        void RunTask(int task, byte* memory)
        {
            byte** held = stackalloc byte*[places.Length + 1];
            for (int i = 0; i < places.Length; i++)
            {
                held[i] = memory + places[i];
            }

            long* accumulators = stackalloc long[2 * (int)together];
            long end = Math.Min(rows, (task + 1) * blocksPerTask * together);
            for (long first = task * blocksPerTask * together; first < end; first += together)
            {
                foreach (RowLaunch launch in launches)
                {
                    launch.Run(first, Math.Min(end, first + together), held, accumulators);
                }
            }
        }
    }

    /// <summary>
    /// Which operands each step asks for ahead: an array that is read, at the last step that reads it, since the first to read the next rows would have to
    /// wait for them; one that is stored, at the first step that stores it.
    /// </summary>
    private static ulong[] Prefetched(RowStep[] steps)
    {
        ulong[] prefetched = new ulong[steps.Length];
        HashSet<nint> seen = [];
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            for (int output = 0; output < steps[i].Outputs.Length && steps[i].Fold is null; output++)
            {
                if (IsAhead(steps[i], steps[i].Outputs[output]) && seen.Add(steps[i].Outputs[output].Address))
                {
                    prefetched[i] |= 1UL << (steps[i].Inputs.Length + output);
                }
            }
        }

        for (int i = steps.Length - 1; i >= 0; i--)
        {
            bool isDirect = steps[i] is { Fold: not null, Function.Results: [ParameterNode] };
            for (int input = 0; input < steps[i].Inputs.Length && !isDirect; input++)
            {
                if (IsAhead(steps[i], steps[i].Inputs[input]) && seen.Add(steps[i].Inputs[input].Address))
                {
                    prefetched[i] |= 1UL << input;
                }
            }
        }

        return prefetched;
    }

    private static bool IsAhead(RowStep step, in RowOperand operand) =>
        !step.IsPerRow && operand.Slot < 0 && operand.RowStride != 0 && operand.ElementStride == operand.Type.Size;

    /// <summary>How far ahead: past the rows that are worked on together, in whole pages, so that few lengths need code of their own.</summary>
    private static int Distance(long elements, RowStep step)
    {
        long bytes = elements * step.Inputs.Select(input => input.Type.Size).DefaultIfEmpty(1).Max();
        return (int)(bytes + Page - 1) & -Page;
    }

    /// <summary>Bytes of the arrays read and written, each counted once.</summary>
    private static long Bytes(long rows, long length, RowStep[] steps)
    {
        long bytes = 0;
        HashSet<(nint Address, long Row, long Element)> seen = [];
        foreach (RowStep step in steps)
        {
            foreach (RowOperand operand in (RowOperand[])[.. step.Inputs, .. step.Outputs])
            {
                if (operand.Slot < 0 && seen.Add((operand.Address, operand.RowStride, operand.ElementStride)))
                {
                    bytes += operand.Type.Size * (operand.RowStride == 0 ? 1 : rows) * (operand.ElementStride == 0 || step.IsPerRow ? 1 : length);
                }
            }
        }

        return bytes;
    }
}
