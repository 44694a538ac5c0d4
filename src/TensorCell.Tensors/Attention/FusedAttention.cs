using System.Runtime.Intrinsics;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Attention;

/// <summary>Attention on the processor, f32 and f64, through vectors of <see cref="VectorWidth.Bits"/>. The result is the same whatever the number of threads.</summary>
internal static unsafe class FusedAttention
{
    /// <summary>Computes the result, row after row.</summary>
    /// <param name="problem">What is computed.</param>
    /// <param name="target">Receives the result.</param>
    /// <param name="logSums">Receives a number for each row that the gradient needs, or is 0.</param>
    public static void Run(AttentionProblem problem, nint target, nint logSums)
    {
        switch (problem.DType, VectorWidth.Bits)
        {
            case (DType.Float32, 512):
                Run<Vector512Float32, Vector512<float>, float>(problem, target, logSums);
                break;
            case (DType.Float32, 256):
                Run<Vector256Float32, Vector256<float>, float>(problem, target, logSums);
                break;
            case (DType.Float32, _):
                Run<Vector128Float32, Vector128<float>, float>(problem, target, logSums);
                break;
            case (_, 512):
                Run<Vector512Float64, Vector512<double>, double>(problem, target, logSums);
                break;
            case (_, 256):
                Run<Vector256Float64, Vector256<double>, double>(problem, target, logSums);
                break;
            default:
                Run<Vector128Float64, Vector128<double>, double>(problem, target, logSums);
                break;
        }
    }

    /// <summary>Computes the gradients that are wanted.</summary>
    public static void RunGradient(AttentionGradientProblem gradient)
    {
        switch (gradient.Attention.DType, VectorWidth.Bits)
        {
            case (DType.Float32, 512):
                new AttentionGradient<Vector512Float32, Vector512<float>, float>(gradient).Run();
                break;
            case (DType.Float32, 256):
                new AttentionGradient<Vector256Float32, Vector256<float>, float>(gradient).Run();
                break;
            case (DType.Float32, _):
                new AttentionGradient<Vector128Float32, Vector128<float>, float>(gradient).Run();
                break;
            case (_, 512):
                new AttentionGradient<Vector512Float64, Vector512<double>, double>(gradient).Run();
                break;
            case (_, 256):
                new AttentionGradient<Vector256Float64, Vector256<double>, double>(gradient).Run();
                break;
            default:
                new AttentionGradient<Vector128Float64, Vector128<double>, double>(gradient).Run();
                break;
        }
    }

    private static void Run<TSimd, TVector, T>(AttentionProblem problem, nint target, nint logSums)
        where TSimd : struct, IFusedVector<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        if (RowAttention<TSimd, TVector, T>.Suits(problem))
        {
            using RowAttention<TSimd, TVector, T> rows = new(problem, (T*)target, (T*)logSums);
            rows.Run();
        }
        else
        {
            using PanelAttention<TSimd, TVector, T> panels = new(problem, (T*)target, (T*)logSums);
            panels.Run();
        }
    }
}
