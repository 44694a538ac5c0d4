using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Folds the values of a kernel function over some dimensions of a shape.</summary>
public static unsafe class Reduction
{
    /// <summary>
    /// Computes output[k] = fold over r of map(inputs[…][k, r], uniforms), where k runs over the kept and r over the reduced dimensions.
    /// Sums accumulate in f64, or in the type of integers, in a fixed order that does not depend on the number of threads or the width of vectors; of
    /// f32, eight values at a time, and of long lines 64, are added up in f32 before.
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
        long start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;
        var (domain, levels) = DomainLevels.Of(shape, reducedDimensions);
        if (domain.Kept == 0)
        {
            return;
        }

        if (domain.Folded == 0 && operation is not (ReduceOperation.Sum or ReduceOperation.Mean))
        {
            throw Throw.EmptyReduction(operation);
        }

        using ReductionLaunch launch = new(map, operation, domain, levels, shape, inputs, output, uniforms);
        launch.Run();
        if (start != 0 && Tracing.IsEnabled)
        {
            Tracing.Write(new(TraceKind.Kernel, map.Name, "cpu", start, Stopwatch.GetTimestamp(), Bytes(shape, inputs) + (domain.Kept * output.Type.Size), launch.Flops));
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

    /// <summary>Bytes read, each element of each operand counted once.</summary>
    private static long Bytes(ReadOnlySpan<long> shape, ReadOnlySpan<Operand> inputs)
    {
        long bytes = 0;
        foreach (Operand input in inputs)
        {
            long elements = input.Type.Size;
            for (int d = 0; d < shape.Length; d++)
            {
                elements *= input.ByteStrides[d] == 0 ? 1 : shape[d];
            }

            bytes += elements;
        }

        return bytes;
    }
}
