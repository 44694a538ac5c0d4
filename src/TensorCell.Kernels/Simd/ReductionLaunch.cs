using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>One reduction, whose kept positions, and blocks of folded ones, are shared out to all threads.</summary>
internal sealed unsafe class ReductionLaunch : IDisposable
{
    /// <summary>Values below which other threads would cost more than they help.</summary>
    private const long WorthSharing = 32 * 1024;

    /// <summary>Kept positions whose states a task has at a time: of lines, and across them.</summary>
    private const long LinesAtOnce = 64;
    private const long PlacesAtOnce = 2048;

    // A thread that takes neighbouring tasks reads memory in long stretches, which the hardware fetches ahead.
    private const long LongestStretch = 8;
    private const long LeastStretches = 16;

    private readonly FoldDomain domain;
    private readonly DomainLaunch launch;
    private readonly byte* results;
    private readonly Action write = () => { };

    /// <param name="map">The function whose values are folded.</param>
    /// <param name="operation">How they are folded.</param>
    /// <param name="domain">The positions.</param>
    /// <param name="levels">The dimensions that make them up.</param>
    /// <param name="shape">The lengths of the dimensions.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="uniforms">One value for each uniform.</param>
    public ReductionLaunch(
        KernelFunction map,
        ReduceOperation operation,
        FoldDomain domain,
        DomainLevels levels,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<Operand> inputs,
        Operand output,
        ReadOnlySpan<Scalar> uniforms)
    {
        this.domain = domain;
        DomainOperand[] operands = new DomainOperand[inputs.Length];
        bool isEven = true;
        for (int i = 0; i < operands.Length; i++)
        {
            DomainStrides? strides = levels.Strides(shape, inputs[i].ByteStrides, isOutput: false);
            isEven &= strides is not null;
            operands[i] = new(inputs[i].Address, inputs[i].Type, strides ?? default);
        }

        int size = output.Type.Size;
        DomainOperand folded = new(output.Address, output.Type, levels.Strides(shape, output.ByteStrides, isOutput: true) ?? default);
        if (levels.Strides(shape, output.ByteStrides, isOutput: true) is null)
        {
            results = (byte*)NativeMemory.Alloc((nuint)(domain.Kept * size));
            folded = new((nint)results, output.Type, new(domain.Lengths.Kept * size, 0, 0, size, 0, 0));
            long[] lengths = shape.ToArray();
            write = () => Scatter(levels.Kept, lengths, output.ByteStrides, output.Address, size);
        }

        DomainStep step = new(map, operands, uniforms.ToArray(), null, operation, folded);
        PackedPositions? positions = isEven ? null : new(map, levels, shape, inputs, uniforms);
        launch = new(step, domain, width: Math.Min(PlacesAtOnce, domain.Lengths.Kept), positions: positions);
    }

    ~ReductionLaunch() => NativeMemory.Free(results);

    /// <summary>Floating-point operations.</summary>
    public double Flops => launch.Flops;

    /// <inheritdoc/>
    public void Dispose()
    {
        launch.Dispose();
        NativeMemory.Free(results);
        GC.SuppressFinalize(this);
    }

    /// <summary>Folds and writes the results.</summary>
    public void Run()
    {
        long blocks = domain.Blocks;
        long perRange = KeptPerRange(blocks);
        long ranges = (domain.Kept + perRange - 1) / perRange;
        long* totals = blocks == 1 ? null : (long*)NativeMemory.Alloc((nuint)(blocks * domain.Kept), 2 * sizeof(long));
        try
        {
            nint place = (nint)totals;
            RunTasks(ranges * blocks, task =>
            {
                long first = task % ranges * perRange;
                RunRange(first, Math.Min(domain.Kept, first + perRange), task / ranges, blocks, (long*)place);
            });
            if (totals != null)
            {
                long* indices = totals + (blocks * domain.Kept);
                launch.Combine(totals, indices, blocks);
                launch.Write(0, domain.Kept, totals, indices);
            }

            write();
        }
        finally
        {
            NativeMemory.Free(totals);
        }
    }

    /// <summary>How many kept positions a task takes.</summary>
    private long KeptPerRange(long blocks)
    {
        long folded = Math.Max(1, domain.Folded / blocks);
        if (!domain.IsAcross)
        {
            return Math.Max(1, domain.Stretch / folded);
        }

        long kept = domain.Lengths.Kept;
        return kept > PlacesAtOnce ? PlacesAtOnce : kept * Math.Clamp(domain.Stretch / (folded * kept), 1, PlacesAtOnce / kept);
    }

    private void RunTasks(long tasks, Action<long> run)
    {
        if (domain.Kept * domain.Folded < WorthSharing)
        {
            Interruption.Check();
            for (long task = 0; task < tasks; task++)
            {
                run(task);
            }

            return;
        }

        long together = Math.Max((tasks / int.MaxValue) + 1, Math.Min(LongestStretch, tasks / (LeastStretches * Workers.ThreadCount)));
        Workers.For((int)((tasks + together - 1) / together), index =>
        {
            for (long task = index * together; task < Math.Min(tasks, (index + 1) * together); task++)
            {
                run(task);
            }
        });
    }

    /// <summary>Folds one block of the folded positions of some kept ones.</summary>
    [SkipLocalsInit]
    private void RunRange(long first, long end, long block, long blocks, long* totals)
    {
        // Across lines, ranges of long runs do not go on into the next.
        long atOnce = domain.IsAcross ? PlacesAtOnce : LinesAtOnce;
        long most = Math.Min(atOnce, end - first);
        byte* memory = stackalloc byte[(int)(launch.StateBytes(most, 1) + KernelTables.Stride)];
        memory = (byte*)(((nuint)memory + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        long* results = stackalloc long[(int)(2 * most)];
        for (long kept = first; kept < end; kept += atOnce)
        {
            long stop = Math.Min(end, kept + atOnce);
            FoldStates states = new(memory, kept, stop, block, 1);
            DomainPart part = domain.Block(block, kept, stop);
            long* to = totals == null ? results : totals + (block * domain.Kept) + kept;
            long* indices = totals == null ? results + most : totals + ((blocks + block) * domain.Kept) + kept;
            launch.Clear(states);
            launch.FoldPart(part, states, null);
            launch.Finish(part, states, null, to, indices);
            if (totals == null)
            {
                launch.Write(kept, stop, to, indices);
            }
        }
    }

    /// <summary>Brings results to where they are wanted.</summary>
    private void Scatter(int[] dimensions, long[] lengths, long[] strides, nint target, int size)
    {
        for (long kept = 0; kept < domain.Kept; kept++)
        {
            long rest = kept;
            long offset = 0;
            foreach (int d in dimensions.Reverse())
            {
                offset += rest % lengths[d] * strides[d];
                rest /= lengths[d];
            }

            Unsafe.CopyBlockUnaligned((byte*)target + offset, results + (kept * size), (uint)size);
        }
    }
}
