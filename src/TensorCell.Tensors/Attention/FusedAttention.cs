using System.Runtime.Intrinsics;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Attention;

/// <summary>
/// Attention on the processor, f32 and f64, through vectors of <see cref="VectorWidth.Bits"/>. Results are the same whatever the number of threads.
/// </summary>
internal static unsafe class FusedAttention
{
    private interface IWork
    {
        void Run<TSimd, TVector, T>()
            where TSimd : struct, IFusedVector<TVector, T>
            where TVector : struct
            where T : unmanaged;
    }

    /// <summary>Computes the result, row after row.</summary>
    /// <param name="problem">What is computed.</param>
    /// <param name="target">Receives the result.</param>
    /// <param name="logSums">Receives a number for each row that the gradient needs, or is 0.</param>
    public static void Run(AttentionProblem problem, nint target, nint logSums) => Run(problem.DType, new Forward(problem, target, logSums));

    /// <summary>Computes the gradients that are wanted.</summary>
    public static void RunGradient(AttentionGradientProblem gradient) => Run(gradient.Attention.DType, new Backward(gradient));

    private static void Run(DType dtype, IWork work)
    {
        switch (dtype, VectorWidth.Bits)
        {
            case (DType.Float32, 512):
                work.Run<Vector512Float32, Vector512<float>, float>();
                break;
            case (DType.Float32, 256):
                work.Run<Vector256Float32, Vector256<float>, float>();
                break;
            case (DType.Float32, _):
                work.Run<Vector128Float32, Vector128<float>, float>();
                break;
            case (_, 512):
                work.Run<Vector512Float64, Vector512<double>, double>();
                break;
            case (_, 256):
                work.Run<Vector256Float64, Vector256<double>, double>();
                break;
            default:
                work.Run<Vector128Float64, Vector128<double>, double>();
                break;
        }
    }

    private sealed record Forward(AttentionProblem Problem, nint Target, nint LogSums) : IWork
    {
        public void Run<TSimd, TVector, T>()
            where TSimd : struct, IFusedVector<TVector, T>
            where TVector : struct
            where T : unmanaged
        {
            if (RowAttention<TSimd, TVector, T>.Suits(Problem))
            {
                using RowAttention<TSimd, TVector, T> rows = new(Problem, (T*)Target, (T*)LogSums);
                rows.Run();
            }
            else
            {
                using PanelAttention<TSimd, TVector, T> panels = new(Problem, (T*)Target, (T*)LogSums);
                panels.Run();
            }
        }
    }

    private sealed record Backward(AttentionGradientProblem Gradient) : IWork
    {
        public void Run<TSimd, TVector, T>()
            where TSimd : struct, IFusedVector<TVector, T>
            where TVector : struct
            where T : unmanaged => new AttentionGradient<TSimd, TVector, T>(Gradient).Run();
    }
}
