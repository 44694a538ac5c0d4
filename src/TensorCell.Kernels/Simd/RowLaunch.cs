using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>One step of a <see cref="RowPipeline"/>, compiled and ready to run any of its rows on any thread.</summary>
internal sealed unsafe class RowLaunch : IDisposable
{
    private readonly RowStep step;
    private readonly long length;
    private readonly int operandCount;
    private readonly RowOperand[] operands;
    private readonly KernelBody code;
    private readonly Fold? fold;
    private readonly bool isIdentity;
    private readonly bool isDirect;
    private readonly bool canOverlap;
    private readonly int stepLength;
    private readonly byte* memory;
    private readonly ElementwiseLaunch launch;

    /// <param name="step">The step.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="rowLength">Elements of a row.</param>
    /// <param name="streams">Whether what is stored is better not kept in the caches.</param>
    /// <param name="prefetched">Which operands it asks for ahead, one bit each.</param>
    /// <param name="distance">How many bytes ahead.</param>
    public RowLaunch(RowStep step, long rows, long rowLength, bool streams, ulong prefetched, int distance)
    {
        this.step = step;
        length = step.IsPerRow ? 1 : rowLength;
        operandCount = step.Inputs.Length + step.Function.Results.Length;

        // The values of a fold lie one after the other, before they are folded.
        operands = step.Fold is null
            ? [.. step.Inputs, .. step.Outputs]
            : [.. step.Inputs, new RowOperand(0, step.Function.Results[0].Type, length * ResultSize, ResultSize)];
        CompiledKernel kernel = KernelCache.Get(step.Function);
        int spaceBytes = IterationSpace.Capacity(2, operandCount) * sizeof(long);
        int tableBytes = kernel.Tables.UniformBytes + KernelTables.Stride;
        memory = (byte*)NativeMemory.Alloc((nuint)(spaceBytes + (operandCount * (sizeof(byte*) + sizeof(int) + 1)) + tableBytes));
        IterationSpace space = new((long*)memory, 2);
        Append(ref space, rows, operand => operand.RowStride);
        Append(ref space, length, operand => operand.ElementStride);
        space.Merge(operandCount);
        byte** origins = (byte**)(memory + spaceBytes);
        int* sizes = (int*)(origins + operandCount);
        ElementwiseLaunch.OperandKind* kinds = (ElementwiseLaunch.OperandKind*)(sizes + operandCount);
        for (int i = 0; i < operandCount; i++)
        {
            origins[i] = (byte*)operands[i].Address;
            sizes[i] = operands[i].Type.Size;
        }

        byte* table = (byte*)kinds + operandCount;
        ElementwiseLaunch prepared = new(kernel, space, table, origins, sizes, kinds, step.Inputs.Length, operandCount);
        ulong broadcast = prepared.ChooseAccess();
        isDirect = !step.IsPerRow
            && length >= kernel.Program.Lanes
            && (step.Fold is null || length <= ReductionLaunch.Chunk)
            && operands.All(operand => operand.ElementStride == operand.Type.Size || operand.ElementStride == 0);
        canOverlap = !step.Inputs.Any(input => step.Outputs.Any(output => output.Slot == input.Slot && output.Address == input.Address));
        int unroll = isDirect ? UnrollFor(kernel) : 0;
        if (isDirect)
        {
            // Row by row: what has one value for a row is broadcast.
            broadcast = 0;
            for (int i = 0; i < step.Inputs.Length; i++)
            {
                broadcast |= step.Inputs[i].ElementStride == 0 ? 1UL << i : 0;
            }
        }

        stepLength = unroll * kernel.Program.Lanes;
        bool canStream = isDirect
            ? step.Outputs.All(output => output.Slot < 0 && output.Type.Size >= sizeof(int)
                && output.Address % KernelTables.Stride == 0 && output.RowStride % KernelTables.Stride == 0)
            : prepared.CanStreamRows(kernel.Program.Lanes, length);
        KernelAccess access = new(
            broadcast,
            streams && step.Fold is null && canStream,
            prefetched & ~broadcast,
            (prefetched & ~broadcast) == 0 ? KernelAccess.NoPrefetch : distance,
            unroll);
        launch = prepared;
        CompiledLoop loop = kernel.Loop(step.Function.Name, access);
        code = loop.Body;
        if (LaunchLog.IsEnabled)
        {
            LaunchLog.Add(step.Function, loop);
        }

        kernel.FillUniforms(step.Function, step.Uniforms, prepared.Uniforms, code);
        FlopsPerElement = kernel.FlopsPerElement;
        if (step.Fold is { } operation)
        {
            fold = Simd.Fold.Of(operation, step.Function.Results[0].Type);
            isIdentity = step.Function.Results[0] is ParameterNode { Index: 0 } parameter && parameter.Storage == parameter.Type
                && operands[0].ElementStride == operands[0].Type.Size;
        }
    }

    ~RowLaunch() => NativeMemory.Free(memory);

    /// <summary>Floating-point operations for each element, or for each row.</summary>
    public double FlopsPerElement { get; }

    /// <summary>Bytes of the function's values before they are folded.</summary>
    private int ResultSize => step.Function.Results[0].Type.Size;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(memory);
        GC.SuppressFinalize(this);
    }

    /// <summary>Computes some rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="end">The row behind the last.</param>
    /// <param name="slots">For each slot, where its row <paramref name="first"/> lies.</param>
    /// <param name="accumulators">Memory for two longs for each row.</param>
    [SkipLocalsInit]
    public void Run(long first, long end, byte** slots, long* accumulators)
    {
        ElementwiseLaunch here = launch;
        byte** origins = stackalloc byte*[operandCount];
        for (int i = 0; i < operandCount; i++)
        {
            // Rows count from the first of all, which a slot does not hold.
            ref readonly RowOperand operand = ref operands[i];
            origins[i] = operand.Slot < 0 ? launch.Origins[i] : slots[operand.Slot] - (first * operand.RowStride);
        }

        here.Origins = origins;
        if (fold is null)
        {
            if (isDirect)
            {
                RunDirect(first, end, origins);
            }
            else
            {
                here.Run(code, first * length, end * length);
            }

            return;
        }

        ReductionLaunch reduction = default;
        reduction.Map = here;
        reduction.IsIdentity = isIdentity;
        reduction.Outer = end;
        reduction.Reduced = length;
        reduction.Inner = 1;
        reduction.Accumulators = accumulators - first;
        reduction.Indices = accumulators + (end - first) - first;
        if (isDirect)
        {
            FoldDirect(first, end, origins, reduction);
        }
        else
        {
            reduction.RunRows(code, fold, first, end);
        }

        RowOperand output = step.Outputs[0];
        for (long row = first; row < end; row++)
        {
            Reduction.Write(
                (byte*)output.Address + (row * output.RowStride), output.Type, reduction.Result(fold, step.Fold!.Value, output.Type, row, 0));
        }
    }

    /// <summary>The most vectors in flight of which whole turns make up a row, if there is such a number; else what leaves the least over.</summary>
    private int UnrollFor(CompiledKernel kernel)
    {
        long vectors = length / kernel.Program.Lanes;
        int best = 1;
        for (int unroll = 2; unroll <= Math.Min(kernel.Unroll, vectors); unroll++)
        {
            if (vectors % unroll <= vectors % best)
            {
                best = unroll;
            }
        }

        return best;
    }

    private void RunDirect(long first, long end, byte** origins)
    {
        byte** addresses = stackalloc byte*[operandCount];
        for (int i = 0; i < operandCount; i++)
        {
            addresses[i] = origins[i] + (first * operands[i].RowStride);
        }

        for (long row = first; row < end; row++)
        {
            RunRow(addresses);
            for (int i = 0; i < operandCount; i++)
            {
                addresses[i] += operands[i].RowStride;
            }
        }
    }

    /// <summary>Computes one row: whole turns of the loop, then the rest.</summary>
    [SkipLocalsInit]
    private void RunRow(byte** addresses)
    {
        long whole = length - (length % stepLength);
        code(addresses, launch.Constants, launch.Uniforms, whole);
        if (whole == length)
        {
            return;
        }

        if (canOverlap && length >= stepLength)
        {
            byte** last = stackalloc byte*[operandCount];
            for (int i = 0; i < operandCount; i++)
            {
                last[i] = addresses[i] + ((length - stepLength) * operands[i].ElementStride);
            }

            code(last, launch.Constants, launch.Uniforms, stepLength);
            return;
        }

        RunRest(addresses, whole, (int)(length - whole));
    }

    /// <summary>Computes fewer elements than a turn of the loop, on copies padded with the last element, which is safe to compute with.</summary>
    [SkipLocalsInit]
    private void RunRest(byte** addresses, long whole, int count)
    {
        int restBytes = stepLength * sizeof(long);
        byte* memory = stackalloc byte[(operandCount * restBytes) + KernelTables.Stride];
        memory = (byte*)(((nuint)memory + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        byte** rest = stackalloc byte*[operandCount];
        for (int i = 0; i < operandCount; i++)
        {
            int size = operands[i].Type.Size;
            rest[i] = operands[i].ElementStride == 0 ? addresses[i] : memory + (i * restBytes);
            if (i < step.Inputs.Length && operands[i].ElementStride != 0)
            {
                ElementwiseLaunch.Pad(addresses[i] + (whole * size), rest[i], size, count, stepLength);
            }
        }

        code(rest, launch.Constants, launch.Uniforms, stepLength);
        for (int i = step.Inputs.Length; i < operandCount; i++)
        {
            Unsafe.CopyBlockUnaligned(addresses[i] + (whole * operands[i].Type.Size), rest[i], (uint)(count * operands[i].Type.Size));
        }
    }

    /// <summary>Folds rows that are mapped one at a time.</summary>
    [SkipLocalsInit]
    private void FoldDirect(long first, long end, byte** origins, in ReductionLaunch reduction)
    {
        byte* scratch = stackalloc byte[(ReductionLaunch.Chunk * sizeof(long)) + KernelTables.Stride];
        scratch = (byte*)(((nuint)scratch + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        byte** addresses = stackalloc byte*[operandCount];
        for (long row = first; row < end; row++)
        {
            byte* values = origins[0] + (row * operands[0].RowStride);
            if (!isIdentity)
            {
                for (int i = 0; i < operandCount - 1; i++)
                {
                    addresses[i] = origins[i] + (row * operands[i].RowStride);
                }

                addresses[operandCount - 1] = scratch;
                RunRow(addresses);
                values = scratch;
            }

            fold!.Clear(reduction.Accumulators + row, reduction.Indices + row, 1);
            fold.Row(values, (int)length, 0, reduction.Accumulators + row, reduction.Indices + row);
        }
    }

    private void Append(ref IterationSpace space, long count, Func<RowOperand, long> strideOf)
    {
        if (count == 1)
        {
            return;
        }

        Span<long> strides = stackalloc long[operandCount];
        for (int i = 0; i < operandCount; i++)
        {
            strides[i] = strideOf(operands[i]);
        }

        space.Append(count, strides);
    }
}
