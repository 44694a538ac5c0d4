using System.Diagnostics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Runs a kernel function once per element of a shape.</summary>
public static unsafe class Elementwise
{
    /// <summary>Elements a block is made of multiples of, so that blocks of aligned arrays are aligned.</summary>
    private const int BlockGrain = 4096;

    /// <summary>Estimated nanoseconds of work below which other threads would cost more than they help.</summary>
    private const double WorthSharing = 8000;

    /// <summary>Estimated nanoseconds of work in a block: short enough to be interrupted between, long enough to amortise claiming it.</summary>
    private const double BlockDuration = 50_000;

    /// <summary>A launch that reads and writes more than this stores past the caches: the last level's size, unless a test forces it.</summary>
    internal static long StreamedBeyond { get; set; } = CpuFacts.Caches().Select(cache => cache.Bytes).DefaultIfEmpty(8 << 20).Max();

    /// <summary>
    /// Computes outputs[r][i] = body.Results[r](inputs[…][i], uniforms) for each index i of <paramref name="shape"/>. An output may be the
    /// same array as an input with the same strides, but must not overlap one otherwise, nor another output, nor itself.
    /// </summary>
    /// <param name="body">The function.</param>
    /// <param name="shape">The lengths of the dimensions; empty for one element.</param>
    /// <param name="inputs">One operand per parameter of the body, of its type.</param>
    /// <param name="outputs">One operand per result of the body, of its type.</param>
    /// <param name="uniforms">One value per uniform of the body that is not captured.</param>
    /// <exception cref="ArgumentException">Operands do not fit the body.</exception>
    /// <exception cref="DivideByZeroException">The body divided an integer by zero.</exception>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    [SkipLocalsInit]
    public static void Run(
        KernelFunction body, ReadOnlySpan<long> shape, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs, ReadOnlySpan<Scalar> uniforms)
    {
        OperandCheck.Check(body, shape.Length, inputs, outputs);
        var kernel = KernelCache.Get(body);
        var operandCount = inputs.Length + outputs.Length;
        var memory = stackalloc long[IterationSpace.Capacity(shape.Length, operandCount)];
        var space = new IterationSpace(memory, shape.Length);
        var origins = stackalloc byte*[operandCount];
        var sizes = stackalloc int[operandCount];
        var kinds = stackalloc ElementwiseLaunch.OperandKind[operandCount];
        FillSpace(ref space, shape, inputs, outputs);
        for (var i = 0; i < operandCount; i++)
        {
            ref readonly var operand = ref i < inputs.Length ? ref inputs[i] : ref outputs[i - inputs.Length];
            origins[i] = (byte*)operand.Address;
            sizes[i] = operand.Type.Size;
        }

        if (space.Count == 0)
        {
            return;
        }

        var table = stackalloc byte[kernel.Tables.UniformBytes + KernelTables.Stride];
        var launch = new ElementwiseLaunch(kernel, space, table, origins, sizes, kinds, inputs.Length, operandCount);
        var access = new KernelAccess(launch.ChooseAccess(), false);
        var bytes = ElementwiseLaunch.Bytes(launch);
        if (bytes > StreamedBeyond && launch.CanStream(kernel.Program.Lanes))
        {
            access = access with { Streaming = true };
        }

        access = launch.FitRows(kernel, access);

        var loop = kernel.Loop(body.Name, access);
        var code = loop.Body;
        var start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;
        if (LaunchLog.IsEnabled)
        {
            LaunchLog.Add(body, loop);
        }

        kernel.FillUniforms(body, uniforms, launch.Uniforms, code);
        Run(code, &launch, kernel.NanosecondsPerElement + ((double)bytes / space.Count / 16));
        if (start != 0 && Tracing.IsEnabled)
        {
            Tracing.Write(new(
                TraceKind.Kernel, body.Name, "cpu", start, Stopwatch.GetTimestamp(), bytes, kernel.FlopsPerElement * space.Count));
        }
    }

    /// <summary>The dimensions of a shape as a launch walks them: in the order of the first output, those of length one dropped, even ones merged.</summary>
    internal static void FillSpace(
        ref IterationSpace space, ReadOnlySpan<long> shape, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs)
    {
        Span<long> strides = stackalloc long[inputs.Length + outputs.Length];
        Span<int> order = stackalloc int[shape.Length];
        var kept = 0;
        for (var d = 0; d < shape.Length; d++)
        {
            if (shape[d] != 1)
            {
                order[kept++] = d;
            }
        }

        // The order in which the output lies in memory, so that it is written from front to back; insertion keeps equals in place.
        for (var i = 1; i < kept && outputs.Length > 0; i++)
        {
            for (var j = i; j > 0; j--)
            {
                if (Math.Abs(outputs[0].ByteStrides[order[j - 1]]) >= Math.Abs(outputs[0].ByteStrides[order[j]]))
                {
                    break;
                }

                (order[j - 1], order[j]) = (order[j], order[j - 1]);
            }
        }

        foreach (var d in order[..kept])
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                strides[i] = inputs[i].ByteStrides[d];
            }

            for (var i = 0; i < outputs.Length; i++)
            {
                strides[inputs.Length + i] = outputs[i].ByteStrides[d];
            }

            space.Append(shape[d], strides);
        }

        space.Merge(strides.Length);
    }

    private static void Run(KernelBody code, ElementwiseLaunch* launch, double nanosecondsPerElement)
    {
        var count = launch->Space.Count;
        if (count * nanosecondsPerElement <= WorthSharing)
        {
            Interruption.Check();
            launch->Run(code, 0, count);
        }
        else
        {
            RunShared(code, (nint)launch, count, nanosecondsPerElement);
        }
    }

    private static void RunShared(KernelBody code, nint launch, long count, double nanosecondsPerElement)
    {
        var perThread = (count + Workers.ThreadCount - 1) / Workers.ThreadCount;
        var block = Math.Min(perThread, (long)(BlockDuration / nanosecondsPerElement));
        block = Math.Max(BlockGrain, (block + BlockGrain - 1) / BlockGrain * BlockGrain);
        block = Math.Max(block, count / (1 << 30) * BlockGrain);
        Workers.For(
            (int)((count + block - 1) / block),
            index => ((ElementwiseLaunch*)launch)->Run(code, index * block, Math.Min(count, (index + 1) * block)));
    }
}
