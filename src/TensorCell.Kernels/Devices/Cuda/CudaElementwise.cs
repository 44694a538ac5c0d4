using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Ptx;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels;

/// <summary>Runs a kernel function once per element of a shape, on arrays in the memory of a CUDA device.</summary>
internal static unsafe class CudaElementwise
{
    private const long LongestAxis = 1 << 30;
    private static readonly ConditionalWeakTable<KernelFunction, ConcurrentDictionary<int, GridProgram>> programs = [];
    private static readonly ConcurrentDictionary<DType, KernelFunction> copies = [];

    /// <summary>Does what Elementwise does on the processor, with addresses of the device.</summary>
    public static void Run(
        CudaDevice device,
        KernelFunction body,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<Operand> inputs,
        ReadOnlySpan<Operand> outputs,
        ReadOnlySpan<Scalar> uniforms)
    {
        OperandCheck.Check(body, shape.Length, inputs, outputs);
        Operand[] operands = [.. inputs, .. outputs];
        var memory = stackalloc long[IterationSpace.Capacity(shape.Length, operands.Length)];
        var space = new IterationSpace(memory, shape.Length);
        Elementwise.FillSpace(ref space, shape, inputs, outputs);
        if (space.Count == 0)
        {
            return;
        }

        var start = Stopwatch.GetTimestamp();
        var kernel = CudaPrograms.Get(programs.GetOrCreateValue(body).GetOrAdd(
            space.Rank, rank => FlatProgram.Of(body, rank)));
        var given = body.UniformValues(uniforms);
        for (long first = 0; first < space.Length(0); first += LongestAxis)
        {
            Launch(device, kernel, space, operands, given, first, Math.Min(LongestAxis, space.Length(0) - first));
        }

        if (Tracing.IsEnabled)
        {
            device.Synchronize();
            var bytes = operands.Sum(operand => operand.Type.Size) * space.Count;
            Tracing.Write(new(TraceKind.Kernel, body.Name, device.Name, start, Stopwatch.GetTimestamp(), bytes, 0));
        }
    }

    /// <summary>Copies elements of one type, as bits, so that a NaN stays what it is.</summary>
    public static void Copy(CudaDevice device, ReadOnlySpan<long> shape, in Operand source, in Operand target)
    {
        var bits = Bits(source.Type);
        Run(device, copies.GetOrAdd(bits, CopyOf), shape, [source with { Type = bits }], [target with { Type = bits }], []);
    }

    private static DType Bits(DType type) => type.Size switch
    {
        1 => DType.UInt8,
        2 => DType.BFloat16,
        4 => DType.Int32,
        _ => DType.Int64,
    };

    private static KernelFunction CopyOf(DType type) => KernelFunction.Create("copy", [type], [], Node.Parameter(0, type)).StoredAs(type);

    private static void Launch(
        CudaDevice device, PtxKernel kernel, in IterationSpace space, Operand[] operands, Scalar[] given, long first, long length)
    {
        var rank = space.Rank;
        var lengths = new long[rank];
        for (var d = 0; d < rank; d++)
        {
            lengths[d] = d == 0 ? length : space.Length(d);
        }

        var uniforms = given.ToList();
        for (var d = 1; d < rank - 2; d++)
        {
            uniforms.Add((int)lengths[d]);
        }

        var views = new PtxView[operands.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            var size = operands[i].Type.Size;
            views[i] = new(operands[i].Address + (nint)(first * space.Stride(i, 0)), [0], [size]);
            for (var d = 0; d < rank; d++)
            {
                uniforms.Add(space.Stride(i, d) / size);
            }
        }

        var depth = lengths.AsSpan(0, Math.Max(0, rank - 2)).ToArray().Aggregate(1L, (product, each) => product * each);
        long[] extents = [lengths[^1], rank > 1 ? lengths[^2] : 1, depth];
        if (extents.Max() > int.MaxValue)
        {
            throw Throw.TooManyItems(kernel.Program.Name, extents.Max());
        }

        device.Launch(kernel, views, [.. uniforms], [(int)extents[0], (int)extents[1], (int)extents[2]]);
    }
}
