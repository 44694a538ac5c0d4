using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Folds the values of a kernel function over some dimensions of a shape.</summary>
public static unsafe class Reduction
{
    /// <summary>
    /// Computes output[k] = fold over r of map(inputs[…][k, r], uniforms), where k runs over the kept and r over the reduced dimensions.
    /// The result does not depend on the number of threads.
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
    public static void Run(
        KernelFunction map,
        ReduceOperation operation,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<int> reducedDimensions,
        ReadOnlySpan<Operand> inputs,
        Operand output,
        ReadOnlySpan<Scalar> uniforms)
    {
        var reduced = new bool[shape.Length];
        foreach (var dimension in reducedDimensions)
        {
            reduced[dimension] = true;
        }

        long keptCount = 1, reducedCount = 1, count = 1;
        for (var d = 0; d < shape.Length; d++)
        {
            count *= shape[d];
            keptCount *= reduced[d] ? 1 : shape[d];
            reducedCount *= reduced[d] ? shape[d] : 1;
        }

        if (reducedCount == 0 && keptCount > 0 && operation is not (ReduceOperation.Sum or ReduceOperation.Mean))
        {
            throw Throw.EmptyReduction(operation);
        }

        var best = new double[keptCount];
        var indices = new long[keptCount];
        var seen = new long[keptCount];
        var addresses = new nint[keptCount];
        var parameters = new Scalar[inputs.Length];
        var allUniforms = map.UniformValues(uniforms);
        for (long flat = 0; flat < count; flat++)
        {
            long rest = flat, kept = 0, keptStride = 1, offset = 0;
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                var index = rest % shape[d];
                rest /= shape[d];
                if (!reduced[d])
                {
                    kept += index * keptStride;
                    keptStride *= shape[d];
                    offset += index * output.ByteStrides[d];
                }
            }

            for (var i = 0; i < inputs.Length; i++)
            {
                parameters[i] = Read(At(inputs[i], shape, flat), inputs[i].Type);
            }

            addresses[kept] = output.Address + (nint)offset;
            var value = ScalarEvaluator.Evaluate(map.Results, parameters, allUniforms)[0].ToDouble();
            var first = seen[kept]++ == 0;
            if (operation is ReduceOperation.Sum or ReduceOperation.Mean)
            {
                best[kept] += value;
            }
            else if (first || (!double.IsNaN(best[kept]) && (double.IsNaN(value)
                || (operation is ReduceOperation.Max or ReduceOperation.ArgMax ? value > best[kept] : value < best[kept]))))
            {
                best[kept] = value;
                indices[kept] = seen[kept] - 1;
            }
        }

        for (long kept = 0; kept < keptCount; kept++)
        {
            var result = operation switch
            {
                ReduceOperation.ArgMax or ReduceOperation.ArgMin => indices[kept],
                ReduceOperation.Mean => Scalar.From(output.Type, best[kept] / reducedCount),
                _ => Scalar.From(output.Type, best[kept]),
            };
            Write((byte*)addresses[kept], result);
        }
    }

    private static byte* At(in Operand operand, ReadOnlySpan<long> shape, long flat)
    {
        var address = (byte*)operand.Address;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            address += flat % shape[d] * operand.ByteStrides[d];
            flat /= shape[d];
        }

        return address;
    }

    private static Scalar Read(byte* address, DType type) => type switch
    {
        DType.Bool => *(bool*)address,
        DType.Int32 => *(int*)address,
        DType.Int64 => *(long*)address,
        DType.Float32 => *(float*)address,
        _ => *(double*)address,
    };

    private static void Write(byte* address, Scalar value)
    {
        switch (value.Type.Size)
        {
            case 1:
                *address = (byte)value.Bits;
                break;
            case 4:
                *(int*)address = (int)value.Bits;
                break;
            default:
                *(long*)address = value.Bits;
                break;
        }
    }
}
