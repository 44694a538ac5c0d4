using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Ptx;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels;

/// <summary>
/// Folds the values of a kernel function over some dimensions, on arrays in the memory of a CUDA device. Sums accumulate in f64, or i64 for
/// integers, in an order that depends on the shape alone.
/// </summary>
internal static class CudaReduction
{
    /// <summary>Items that keep a GPU busy.</summary>
    private const long Enough = 16384;

    private static readonly ConditionalWeakTable<KernelFunction, ConcurrentDictionary<(ReduceOperation, FoldShape, bool), PtxKernel>> kernels = [];

    /// <summary>Does what Reduction does on the processor, with addresses of the device.</summary>
    public static void Run(
        CudaDevice device,
        KernelFunction map,
        ReduceOperation operation,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<int> reducedDimensions,
        ReadOnlySpan<Operand> inputs,
        Operand output,
        ReadOnlySpan<Scalar> uniforms)
    {
        Reduction.Check(map, operation, shape.Length, reducedDimensions, inputs, output);
        _ = Fold.Of(operation, map.Results[0].Type);
        var (kept, reduced) = Arrange(shape, reducedDimensions, inputs, output);
        var (results, count) = (Count(kept), Count(reduced));
        if (results == 0)
        {
            return;
        }

        if (count == 0 && operation is not (ReduceOperation.Sum or ReduceOperation.Mean))
        {
            throw Throw.EmptyReduction(operation);
        }

        if (results > int.MaxValue)
        {
            throw Throw.TooManyItems(map.Name, results);
        }

        var start = Stopwatch.GetTimestamp();
        var rules = new FoldRules(operation, map.Results[0].Type);
        var byGroup = IsByGroup(kept, reduced, results, count);
        var segments = Segments(byGroup, results, count);
        Operand[] given = [.. inputs];
        var pass = new Pass(device, map, operation, kept, results, count);
        if (segments == 1)
        {
            pass.Run(given, [output], reduced, map.UniformValues(uniforms), byGroup, 1, count, isFirst: true, isLast: true);
        }
        else
        {
            var partial = rules.Types.Select(type => device.Pool.Rent(results * segments * type.Size)).ToArray();
            Operand[] between = [.. partial.Select((buffer, i) => new Operand(buffer.Address, rules.Types[i], []))];
            pass.Run(given, between, reduced, map.UniformValues(uniforms), byGroup, segments, count, isFirst: true, isLast: false);
            pass.Run(between, [output], [], [], byGroup, 1, segments, isFirst: false, isLast: true);
            Array.ForEach(partial, buffer => buffer.Dispose());
        }

        if (Tracing.IsEnabled)
        {
            device.Synchronize();
            var bytes = (given.Sum(operand => operand.Type.Size) * results * count) + (results * output.Type.Size);
            Tracing.Write(new(TraceKind.Kernel, map.Name, device.Name, start, Stopwatch.GetTimestamp(), bytes, results * count));
        }
    }

    /// <summary>The kept and the reduced dimensions: lengths, and the strides of all inputs and the output; those of length 1 dropped, even ones merged.</summary>
    private static (List<Dimension> Kept, List<Dimension> Reduced) Arrange(
        ReadOnlySpan<long> shape, ReadOnlySpan<int> reducedDimensions, ReadOnlySpan<Operand> inputs, in Operand output)
    {
        var (kept, reduced) = (new List<Dimension>(), new List<Dimension>());
        for (var d = 0; d < shape.Length; d++)
        {
            var (isReduced, length) = (reducedDimensions.Contains(d), shape[d]);
            var strides = new long[inputs.Length + 1];
            for (var i = 0; i < inputs.Length; i++)
            {
                strides[i] = inputs[i].ByteStrides[d];
            }

            strides[^1] = isReduced ? 0 : output.ByteStrides[d];
            var dimensions = isReduced ? reduced : kept;
            if (length == 1)
            {
                continue;
            }

            if (dimensions.Count > 0 && dimensions[^1].Strides.Zip(strides).All(pair => pair.First == pair.Second * length))
            {
                dimensions[^1] = new(dimensions[^1].Length * length, strides);
            }
            else
            {
                dimensions.Add(new(length, strides));
            }
        }

        return (kept, reduced);
    }

    private static long Count(List<Dimension> dimensions) => dimensions.Aggregate(1L, (product, dimension) => product * dimension.Length);

    /// <summary>Whether neighbouring items should take neighbouring values of one result, rather than neighbouring results.</summary>
    private static bool IsByGroup(List<Dimension> kept, List<Dimension> reduced, long results, long count) =>
        count >= FoldProgram.GroupSize / 2
        && results <= 1 << 22
        && (kept.Count == 0 || results < FoldProgram.GroupSize || Math.Abs(reduced[^1].Strides[0]) <= Math.Abs(kept[^1].Strides[0]));

    private static long Segments(bool byGroup, long results, long count)
    {
        var (least, parallel) = byGroup ? (16 * FoldProgram.GroupSize, Enough / 16) : (64, Enough);
        return Math.Clamp(parallel / results, 1, Math.Max(1, Math.Min(65535, count / least)));
    }

    /// <summary>A dimension: its length, and bytes from one element to the next of each input and the output.</summary>
    private sealed record Dimension(long Length, long[] Strides);

    private sealed record Pass(CudaDevice Device, KernelFunction Map, ReduceOperation Operation, List<Dimension> Kept, long Results, long Total)
    {
        public void Run(
            Operand[] inputs,
            Operand[] outputs,
            List<Dimension> reduced,
            Scalar[] given,
            bool byGroup,
            long segments,
            long count,
            bool isFirst,
            bool isLast)
        {
            var reducedRank = isFirst ? reduced.Count : 1;
            var shape = new FoldShape(Kept.Count, reducedRank, byGroup, isFirst, isLast);
            var contraction = Optimizer.Contraction;
            var kernel = kernels.GetOrCreateValue(Map)
                .GetOrAdd((Operation, shape, contraction), key => FoldProgram.Emit(Map, key.Item1, key.Item2, key.Item3));
            var uniforms = given.ToList();
            uniforms.AddRange([count, Total, (int)segments, (count + segments - 1) / segments]);
            uniforms.AddRange(Kept.Skip(1).Select(dimension => (Scalar)(int)dimension.Length));
            uniforms.AddRange(reduced.Skip(1).Select(dimension => (Scalar)dimension.Length));
            var contiguous = Contiguous();
            for (var i = 0; i < inputs.Length; i++)
            {
                var size = inputs[i].Type.Size;
                uniforms.AddRange(isFirst ? Kept.Select(dimension => (Scalar)(dimension.Strides[i] / size)) : contiguous);
                uniforms.AddRange(isFirst ? reduced.Select(dimension => (Scalar)(dimension.Strides[i] / size)) : [Results]);
            }

            foreach (var output in outputs)
            {
                uniforms.AddRange(isLast ? Kept.Select(dimension => (Scalar)(dimension.Strides[^1] / output.Type.Size)) : contiguous);
                uniforms.Add(Results);
            }

            PtxView[] views = [.. inputs.Concat(outputs).Select(operand => new PtxView(operand.Address, [0], [operand.Type.Size]))];
            int[] extents = byGroup ? [checked((int)(Results * segments * FoldProgram.GroupSize)), 1, 1] : [(int)Results, (int)segments, 1];
            Device.Launch(kernel, views, [.. uniforms], extents);
        }

        private Scalar[] Contiguous()
        {
            var strides = new Scalar[Kept.Count];
            long stride = 1;
            for (var d = strides.Length - 1; d >= 0; d--)
            {
                strides[d] = stride;
                stride *= Kept[d].Length;
            }

            return strides;
        }
    }
}
