using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Folds the values of a kernel function over some dimensions of a shape.</summary>
public static unsafe class Reduction
{
    /// <summary>Elements below which other threads would cost more than they help.</summary>
    private const long WorthSharing = 32 * 1024;

    // A thread that takes neighbouring tasks reads memory in long stretches, which the hardware fetches ahead.
    private const int LongestStretch = 8;
    private const int LeastStretches = 16;

    /// <summary>
    /// Computes output[k] = fold over r of map(inputs[…][k, r], uniforms), where k runs over the kept and r over the reduced dimensions.
    /// Sums accumulate in f64, or i64 for integers, in a fixed order that does not depend on the number of threads; of a long row of f32,
    /// eight values at a time are summed pair by pair in f32 before.
    /// </summary>
    /// <param name="map">The function of one result whose values are folded, fused into the fold.</param>
    /// <param name="operation">How they are folded.</param>
    /// <param name="shape">The lengths of the dimensions of the inputs.</param>
    /// <param name="reducedDimensions">The dimensions to fold, ascending.</param>
    /// <param name="inputs">One operand per parameter of the map, with strides for <paramref name="shape"/>.</param>
    /// <param name="output">
    /// Where results go: strides for <paramref name="shape"/>, those of reduced dimensions being ignored; of the map's result type, or i64 for
    /// the Arg operations.
    /// </param>
    /// <param name="uniforms">One value per uniform of the map that is not captured.</param>
    /// <exception cref="ArgumentException">Operands do not fit the map, or there is nothing to take the maximum or minimum of.</exception>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    [SkipLocalsInit]
    public static void Run(
        KernelFunction map,
        ReduceOperation operation,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<int> reducedDimensions,
        ReadOnlySpan<Operand> inputs,
        Operand output,
        ReadOnlySpan<Scalar> uniforms)
    {
        Check(map, operation, shape.Length, reducedDimensions, inputs, output);
        var fold = Fold.Of(operation, map.Results[0].Type);
        var kernel = KernelCache.Get(map);
        var operandCount = inputs.Length + 1;
        var memory = stackalloc long[IterationSpace.Capacity(shape.Length, operandCount)];
        var space = new IterationSpace(memory, shape.Length);
        var launch = default(ReductionLaunch);
        Arrange(ref space, ref launch, shape, reducedDimensions, inputs, map.Results[0].Type.Size);
        if (launch.Outer * launch.Inner == 0)
        {
            return;
        }

        if (launch.Reduced == 0 && operation is not (ReduceOperation.Sum or ReduceOperation.Mean))
        {
            throw Throw.EmptyReduction(operation);
        }

        var origins = stackalloc byte*[operandCount];
        var sizes = stackalloc int[operandCount];
        var kinds = stackalloc ElementwiseLaunch.OperandKind[operandCount];
        for (var i = 0; i < inputs.Length; i++)
        {
            origins[i] = (byte*)inputs[i].Address;
            sizes[i] = inputs[i].Type.Size;
        }

        origins[inputs.Length] = null;
        sizes[inputs.Length] = map.Results[0].Type.Size;
        var table = stackalloc byte[kernel.Tables.UniformBytes + KernelTables.Stride];
        launch.Map = new(kernel, space, table, origins, sizes, kinds, inputs.Length, operandCount);
        launch.IsIdentity = map.Results[0] is ParameterNode { Index: 0 } parameter && parameter.Storage == parameter.Type;
        var loop = kernel.Loop(map.Name, new(launch.Map.ChooseAccess(), false));
        var code = loop.Body;
        var start = Stopwatch.GetTimestamp();
        if (LaunchLog.IsEnabled)
        {
            LaunchLog.Add(map, loop);
        }

        kernel.FillUniforms(map, uniforms, launch.Map.Uniforms, code);
        var places = launch.Outer * launch.Blocks * launch.Inner;
        launch.Accumulators = (long*)NativeMemory.Alloc((nuint)places, 2 * sizeof(long));
        launch.Indices = launch.Accumulators + places;
        try
        {
            RunTasks(code, fold, &launch);
            WriteResults(&launch, fold, operation, shape, reducedDimensions, output);
        }
        finally
        {
            NativeMemory.Free(launch.Accumulators);
        }

        if (Tracing.IsEnabled)
        {
            var count = launch.Outer * launch.Reduced * launch.Inner;
            Tracing.Write(new(
                TraceKind.Kernel, map.Name, "cpu", start, Stopwatch.GetTimestamp(),
                ElementwiseLaunch.Bytes(launch.Map) - (count * map.Results[0].Type.Size) + (launch.Outer * launch.Inner * output.Type.Size),
                (kernel.FlopsPerElement + 1) * count));
        }
    }

    /// <summary>Checks that operands fit a map.</summary>
    internal static void Check(
        KernelFunction map, ReduceOperation operation, int rank, ReadOnlySpan<int> reducedDimensions, ReadOnlySpan<Operand> inputs, in Operand output)
    {
        if (map.Results.Length != 1)
        {
            throw Throw.ArgumentCount(map.Name, "results to fold", map.Results.Length, 1);
        }

        OperandCheck.CheckInputs(map, rank, inputs);
        var type = operation is ReduceOperation.ArgMax or ReduceOperation.ArgMin ? DType.Int64 : map.Results[0].Type;
        OperandCheck.Check(map.Name, "output", 0, output, type, rank);
        foreach (var dimension in reducedDimensions)
        {
            if ((uint)dimension >= (uint)rank)
            {
                throw Throw.ReducedDimension(dimension, rank);
            }
        }

        if (operation == ReduceOperation.Mean && !type.IsFloatingPoint)
        {
            throw Throw.OperationUndefined("Mean", type);
        }
    }

    /// <summary>Orders the dimensions: kept ones up to the last reduced one, then the reduced ones, then the other kept ones.</summary>
    private static void Arrange(
        ref IterationSpace space, ref ReductionLaunch launch, ReadOnlySpan<long> shape, ReadOnlySpan<int> reduced, ReadOnlySpan<Operand> inputs, int size)
    {
        launch.Outer = launch.Reduced = launch.Inner = 1;
        Span<long> strides = stackalloc long[inputs.Length + 1];
        var last = reduced.IsEmpty ? -1 : reduced[^1];
        long values = 1;
        foreach (var length in shape)
        {
            values *= length;
        }

        for (var pass = 0; pass < 3; pass++)
        {
            for (var d = 0; d < shape.Length; d++)
            {
                var isReduced = reduced.Contains(d);
                if (pass != (isReduced ? 1 : d < last ? 0 : 2))
                {
                    continue;
                }

                _ = pass switch
                {
                    0 => launch.Outer *= shape[d],
                    1 => launch.Reduced *= shape[d],
                    _ => launch.Inner *= shape[d],
                };
                if (shape[d] != 1)
                {
                    values /= Math.Max(1, shape[d]);
                    for (var i = 0; i < inputs.Length; i++)
                    {
                        strides[i] = inputs[i].ByteStrides[d];
                    }

                    // The mapped values, when they are stored, follow one another.
                    strides[^1] = values * size;
                    space.Append(shape[d], strides);
                }
            }
        }

        space.Merge(strides.Length);
        // Nothing reduced: every value is a fold of its own.
        if (reduced.IsEmpty)
        {
            (launch.Outer, launch.Inner) = (launch.Outer * launch.Inner, 1);
        }
    }

    private static void RunTasks(KernelBody code, Fold fold, ReductionLaunch* launch)
    {
        if (launch->Outer * launch->Reduced * launch->Inner < WorthSharing)
        {
            Interruption.Check();
            for (long task = 0; task < launch->Tasks; task++)
            {
                launch->Run(code, fold, task);
            }
        }
        else
        {
            RunShared(code, fold, (nint)launch);
        }
    }

    private static void RunShared(KernelBody code, Fold fold, nint launch)
    {
        var tasks = ((ReductionLaunch*)launch)->Tasks;
        var together = Math.Max((tasks / int.MaxValue) + 1, Math.Min(LongestStretch, tasks / (LeastStretches * Workers.ThreadCount)));
        Workers.For((int)((tasks + together - 1) / together), index =>
        {
            for (var task = index * together; task < Math.Min(tasks, (index + 1) * together); task++)
            {
                ((ReductionLaunch*)launch)->Run(code, fold, task);
            }
        });
    }

    private static void WriteResults(
        ReductionLaunch* launch, Fold fold, ReduceOperation operation, ReadOnlySpan<long> shape, ReadOnlySpan<int> reduced, in Operand output)
    {
        // With nothing reduced, all positions are outer ones.
        var last = reduced.IsEmpty ? shape.Length : reduced[^1];
        for (long outer = 0; outer < launch->Outer; outer++)
        {
            for (long inner = 0; inner < launch->Inner; inner++)
            {
                var offset = Offset(inner, last, shape.Length, shape, reduced, output) + Offset(outer, 0, last, shape, reduced, output);
                Write((byte*)output.Address + offset, launch->Result(fold, operation, output.Type, outer, inner));
            }
        }
    }

    /// <summary>Bytes to the output of a position among the kept dimensions of a range.</summary>
    private static long Offset(long position, int from, int to, ReadOnlySpan<long> shape, ReadOnlySpan<int> reduced, in Operand output)
    {
        long offset = 0;
        for (var d = to - 1; d >= from; d--)
        {
            if (!reduced.Contains(d))
            {
                offset += position % shape[d] * output.ByteStrides[d];
                position /= shape[d];
            }
        }

        return offset;
    }

    private static void Write(byte* address, Scalar value)
    {
        if (value.Type.Size == sizeof(int))
        {
            *(int*)address = (int)value.Bits;
        }
        else
        {
            *(long*)address = value.Bits;
        }
    }
}
