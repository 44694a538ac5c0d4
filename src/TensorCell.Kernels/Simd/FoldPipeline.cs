using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Runs functions and folds over one <see cref="FoldDomain"/> one after the other for a few kept positions at a time, so that what a step leaves for the
/// next ones is still in the nearest cache, and what several steps read comes from memory once. Every result is what the steps give one by one.
/// </summary>
internal sealed unsafe partial class FoldPipeline : IDisposable
{
    /// <summary>Elements below which other threads would cost more than they help.</summary>
    private const long WorthSharing = 16 * 1024;

    /// <summary>Elements of the steps that run in turns.</summary>
    private const long TurnElements = 2048;

    private readonly FoldDomain domain;
    private readonly DomainStep[] steps;
    private readonly DomainLaunch[] launches;
    private readonly long width;
    private readonly int[] slotPlaces;
    private readonly int slotBytes;
    private readonly long stateBytes;
    private readonly int host = -1;

    private FoldPipeline(FoldDomain domain, DomainStep[] steps, int[] slots)
    {
        this.domain = domain;
        long bytes = Bytes(domain, steps);
        bool streams = bytes > Elementwise.StreamedBeyond && StoresLast(steps);
        width = Width(domain, slots, bytes, streams);
        this.steps = steps = Place(domain, steps, slots, width, isInPlace: !streams, out slotPlaces, out slotBytes);
        launches = new DomainLaunch[steps.Length];
        ulong[] prefetched = bytes > PrefetchedBeyond ? Prefetched(steps, streams) : new ulong[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            // What a step stores and reads again is not better off outside the caches.
            FoldDomain positions = steps[i].Fold is null ? domain : domain.OfWholeLines;
            launches[i] = new(steps[i], positions, width, streams, streams && i == steps.Length - 1, prefetched[i], Ahead(steps[i]));
            if (steps[i].Fold is not null)
            {
                long states = (launches[i].StateBytes(width, domain.Blocks) + KernelTables.Stride - 1) & -KernelTables.Stride;
                stateBytes = Math.Max(stateBytes, states + (2 * sizeof(long) * width * domain.Blocks));
            }
        }

        if (streams)
        {
            host = Enumerable.Range(0, steps.Length - 1).Where(i => !steps[i].IsPerKept).MaxBy(i => launches[i].NanosecondsPerElement);
        }
    }

    /// <summary>Runs the steps.</summary>
    /// <param name="domain">The positions; those that <see cref="Fits"/>.</param>
    /// <param name="steps">Each after those whose results it reads. An operand in a slot has no strides yet.</param>
    /// <param name="slots">For each slot, bytes per element.</param>
    public static void Run(FoldDomain domain, DomainStep[] steps, int[] slots)
    {
        long start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;
        using FoldPipeline pipeline = new(domain, steps, slots);
        pipeline.Run();
        if (start != 0 && Tracing.IsEnabled)
        {
            string name = string.Join(' ', steps.Select(step => step.Function.Name));
            double flops = pipeline.launches.Sum(launch => launch.Flops);
            Tracing.Write(new(TraceKind.Kernel, name, "cpu", start, Stopwatch.GetTimestamp(), Bytes(domain, steps), flops));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DomainLaunch? launch in launches)
        {
            launch?.Dispose();
        }
    }

    private void Run()
    {
        bool isShared = domain.Kept * domain.Folded >= WorthSharing;
        long blocks = (domain.Kept + width - 1) / width;

        // A task of several blocks: claiming one costs more than running a few short lines, and neighbours are fetched ahead.
        long blocksPerTask = Math.Max(Math.Max(1, blocks / (1 << 30)), Math.Min(8, blocks / (16 * Workers.ThreadCount)));
        int tasks = (int)((blocks + blocksPerTask - 1) / blocksPerTask);
        long bytes = (2 * slotBytes) + stateBytes;
        if (!isShared)
        {
            Interruption.Check();
            RunHere(tasks, blocksPerTask * width, bytes);
            return;
        }

        using CpuBuffer scratch = CpuBuffer.Allocate(Math.Max(1, Workers.ThreadCount * bytes));
        nint address = scratch.Address;
        Workers.For(tasks, (task, participant) => RunTask(task, blocksPerTask * width, (byte*)address + (participant * bytes)));
        GC.KeepAlive(scratch);
    }

    [SkipLocalsInit]
    private void RunHere(int tasks, long perTask, long bytes)
    {
        const int MostOnStack = 32 * 1024;
        using CpuBuffer? scratch = bytes > MostOnStack ? CpuBuffer.Allocate(bytes) : null;
        byte* memory = stackalloc byte[scratch is null ? (int)bytes + CpuBuffer.Alignment : 1];
        memory = scratch is null ? (byte*)(((nint)memory + CpuBuffer.Alignment - 1) & -CpuBuffer.Alignment) : (byte*)scratch.Address;
        for (int task = 0; task < tasks; task++)
        {
            RunTask(task, perTask, memory);
        }
    }

    [SkipLocalsInit]
    private void RunTask(int task, long perTask, byte* memory)
    {
        byte** slots = stackalloc byte*[slotPlaces.Length + 1];
        byte** before = stackalloc byte*[slotPlaces.Length + 1];
        for (int i = 0; i < slotPlaces.Length; i++)
        {
            slots[i] = memory + slotPlaces[i];
            before[i] = slots[i] + slotBytes;
        }

        byte* states = memory + (2 * slotBytes);
        long end = Math.Min(domain.Kept, (task + 1) * perTask);
        int last = steps.Length - 1;
        (long First, long End)? waiting = null;
        for (long first = task * perTask; first < end; first += width)
        {
            long stop = Math.Min(end, first + width);
            for (int step = 0; step < (host >= 0 ? last : last + 1); step++)
            {
                if (step == host && waiting is { } block)
                {
                    RunInTurns(first, stop, slots, states, block.First, block.End, before);
                }
                else
                {
                    Run(step, first, stop, slots, states);
                }
            }

            if (host >= 0)
            {
                waiting = (first, stop);
                byte** others = before;
                before = slots;
                slots = others;
            }
        }

        if (waiting is { } rest)
        {
            Run(last, rest.First, rest.End, before, states);
        }
    }

    private void Run(int step, long first, long end, byte** slots, byte* states)
    {
        DomainPart all = launches[step].All(first, end);
        if (steps[step].Fold is null)
        {
            launches[step].Store(all, first, slots);
            return;
        }

        FoldStates held = new(states, first, end, 0, domain.Blocks);
        launches[step].Clear(held);
        launches[step].FoldPart(all, held, slots);
        Finish(step, all, held, slots);
    }

    /// <summary>
    /// Runs the step that takes longest on some positions and the last step on those before, a little of each in turns, so that memory takes what is
    /// stored while the processor computes.
    /// </summary>
    private void RunInTurns(long first, long end, byte** slots, byte* states, long firstBefore, long endBefore, byte** before)
    {
        DomainLaunch longest = launches[host];
        DomainLaunch storing = launches[^1];
        FoldStates held = new(states, first, end, 0, domain.Blocks);
        bool folds = steps[host].Fold is not null;
        if (folds)
        {
            longest.Clear(held);
        }

        long turns = Math.Max(1, (end - first) * domain.Folded / TurnElements);
        for (long turn = 0; turn < turns; turn++)
        {
            DomainPart part = longest.Part(first, end, turn, turns);
            if (folds)
            {
                longest.FoldPart(part, held, slots);
            }
            else
            {
                longest.Store(part, first, slots);
            }

            storing.Store(storing.Part(firstBefore, endBefore, turn, turns), firstBefore, before);
        }

        if (folds)
        {
            Finish(host, longest.All(first, end), held, slots);
        }
    }

    private void Finish(int step, in DomainPart all, in FoldStates held, byte** slots)
    {
        long states = (launches[step].StateBytes(width, domain.Blocks) + KernelTables.Stride - 1) & -KernelTables.Stride;
        long* totals = (long*)(held.Memory + states);
        long* indices = totals + (width * domain.Blocks);
        launches[step].Finish(all, held, slots, totals, indices);
        launches[step].Write(all.First, all.End, totals, indices);
    }
}
