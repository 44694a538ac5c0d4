using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// A kernel function ready to run on any rectangle of rows and columns, on any thread: what a matrix product, a convolution or attention does with each
/// part of its result while that is in the nearest cache.
/// </summary>
internal sealed unsafe class PartLaunch : IDisposable
{
    private const int MostUnroll = 2;

    private readonly int inputCount;
    private readonly RowOperand[] operands;
    private readonly byte* constants;
    private readonly byte* uniforms;
    private readonly byte* memory;
    private readonly CompiledKernel kernel;
    private readonly KernelBody wide;
    private readonly KernelBody narrow;
    private readonly int lanes;
    private readonly Lazy<KernelBody> streamed;

    /// <summary>A function and all that it reads and stores.</summary>
    /// <param name="function">The function.</param>
    /// <param name="inputs">One for each parameter; an array that is stored too is read at the same place.</param>
    /// <param name="outputs">One for each result, whose rows have adjacent elements.</param>
    /// <param name="scalars">One for each uniform.</param>
    public PartLaunch(KernelFunction function, ReadOnlySpan<RowOperand> inputs, ReadOnlySpan<RowOperand> outputs, ReadOnlySpan<Scalar> scalars)
    {
        inputCount = inputs.Length;
        operands = [.. inputs, .. outputs];
        kernel = KernelCache.Get(function);
        lanes = kernel.Program.Lanes;
        constants = kernel.Constants;
        memory = (byte*)NativeMemory.Alloc((nuint)(kernel.Tables.UniformBytes + KernelTables.Stride));
        uniforms = (byte*)(((nuint)memory + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        ulong broadcast = 0;
        for (int i = 0; i < inputCount; i++)
        {
            broadcast |= operands[i].ElementStride == 0 ? 1UL << i : 0;
        }

        CompiledLoop loop = Loop(function, broadcast, Math.Min(MostUnroll, kernel.Unroll));
        wide = loop.Body;
        narrow = Loop(function, broadcast, 1).Body;
        streamed = new(() => Loop(function, broadcast, Math.Min(MostUnroll, kernel.Unroll), isStreaming: true).Body);
        Wide = lanes * Math.Min(MostUnroll, kernel.Unroll);
        if (LaunchLog.IsEnabled)
        {
            LaunchLog.Add(function, loop);
        }

        kernel.FillUniforms(function, scalars, uniforms, wide);
    }

    ~PartLaunch() => NativeMemory.Free(memory);

    /// <summary>How many elements a turn of the wider loop takes.</summary>
    private int Wide { get; }

    /// <summary>Whether an operand can be reached: its rows have adjacent elements, or one element for all.</summary>
    public static bool CanReach(in RowOperand operand) => operand.ElementStride == 0 || operand.ElementStride == operand.Type.Size;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(memory);
        GC.SuppressFinalize(this);
    }

    /// <summary>Computes a rectangle.</summary>
    /// <param name="row">Its first row.</param>
    /// <param name="column">Its first column.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    public void Run(long row, long column, long rows, long columns)
    {
        byte** addresses = stackalloc byte*[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            addresses[i] = (byte*)operands[i].Address + (row * operands[i].RowStride) + (column * operands[i].ElementStride);
        }

        for (long end = row + rows; row < end; row++)
        {
            RunRow(addresses, columns);
            for (int i = 0; i < operands.Length; i++)
            {
                addresses[i] += operands[i].RowStride;
            }
        }
    }

    /// <summary>Computes adjacent elements.</summary>
    /// <param name="addresses">Where those of each input, then of each output, begin; each operand's own address is not looked at.</param>
    /// <param name="columns">How many.</param>
    /// <param name="isStreamed">Whether outputs, then aligned to whole vectors, bypass the caches.</param>
    public void RunRow(byte** addresses, long columns, bool isStreamed = false)
    {
        long whole = columns & -Wide;
        if (whole > 0)
        {
            KernelBody body = isStreamed ? streamed.Value : wide;
            body(addresses, constants, uniforms, whole);
        }

        if (whole < columns)
        {
            RunRest(addresses, whole, columns - whole);
        }
    }

    private CompiledLoop Loop(KernelFunction function, ulong broadcast, int unroll, bool isStreaming = false) =>
        kernel.Loop(function.Name, new KernelAccess(broadcast, isStreaming, unroll));

    [SkipLocalsInit]
    private void RunRest(byte** addresses, long done, long count)
    {
        byte** rest = stackalloc byte*[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            rest[i] = addresses[i] + (done * operands[i].ElementStride);
        }

        long whole = count & -lanes;
        if (whole > 0)
        {
            narrow(rest, constants, uniforms, whole);
        }

        if (whole < count)
        {
            RunLast(rest, whole, (int)(count - whole));
        }
    }

    /// <summary>Computes fewer elements than a vector has, on copies padded with the last element, which is safe to compute with.</summary>
    [SkipLocalsInit]
    private void RunLast(byte** addresses, long done, int count)
    {
        int bytes = lanes * sizeof(long);
        byte* copies = stackalloc byte[(operands.Length * bytes) + KernelTables.Stride];
        copies = (byte*)(((nuint)copies + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        byte** last = stackalloc byte*[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            int size = operands[i].Type.Size;
            last[i] = operands[i].ElementStride == 0 ? addresses[i] : copies + (i * bytes);
            if (i < inputCount && operands[i].ElementStride != 0)
            {
                ElementwiseLaunch.Pad(addresses[i] + (done * size), last[i], size, count, lanes);
            }
        }

        narrow(last, constants, uniforms, lanes);
        for (int i = inputCount; i < operands.Length; i++)
        {
            int size = operands[i].Type.Size;
            Unsafe.CopyBlockUnaligned(addresses[i] + (done * size), last[i], (uint)(count * size));
        }
    }
}
