using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Runs a kernel function once per element of a shape.</summary>
public static unsafe class Elementwise
{
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
    public static void Run(
        KernelFunction body, ReadOnlySpan<long> shape, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs, ReadOnlySpan<Scalar> uniforms)
    {
        long count = 1;
        foreach (var length in shape)
        {
            count *= length;
        }

        var parameters = new Scalar[inputs.Length];
        var allUniforms = body.UniformValues(uniforms);
        for (long flat = 0; flat < count; flat++)
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                parameters[i] = Read(At(inputs[i], shape, flat), inputs[i].Type);
            }

            var results = ScalarEvaluator.Evaluate(body.Results, parameters, allUniforms);
            for (var i = 0; i < outputs.Length; i++)
            {
                Write(At(outputs[i], shape, flat), results[i]);
            }
        }
    }

    internal static byte* At(in Operand operand, ReadOnlySpan<long> shape, long flat)
    {
        var address = (byte*)operand.Address;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            address += flat % shape[d] * operand.ByteStrides[d];
            flat /= shape[d];
        }

        return address;
    }

    internal static Scalar Read(byte* address, DType type) => type switch
    {
        DType.Bool => *(bool*)address,
        DType.Int32 => *(int*)address,
        DType.Int64 => *(long*)address,
        DType.Float32 => *(float*)address,
        _ => *(double*)address,
    };

    internal static void Write(byte* address, Scalar value)
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
