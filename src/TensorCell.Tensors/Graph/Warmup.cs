using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Graph;

/// <summary>Prepares tensors and the kernel compiler, whose first use in a process is slow.</summary>
public static class Warmup
{
    /// <summary>
    /// Computes small tensors by the common ways, so that the user's first chain and first function of their own take milliseconds. For the host
    /// to call on a background thread; harmless to call again.
    /// </summary>
    public static void Run()
    {
        Kernels.Simd.Warmup.Run();
        MatrixMultiply.WarmUp();
        foreach (DType type in (DType[])[DType.Float32, DType.Float64])
        {
            Tensor rows = Tensor.Arange(32, dtype: type).Reshape(4, 8);
            Tensor columns = Tensor.Linspace(0, 1, 8, type);
            Tensor exponentials = (rows - rows.Max(1, keepDims: true)).Exp();
            Tensor weights = exponentials / exponentials.Sum(1, keepDims: true);
            ((weights + (columns * 2)).Sigmoid() - rows.T.Mean(0)[0]).Realize();
            rows.MatMul(rows.T).Realize();
            _ = Tensor.Where(rows > 1, rows, 0).Sum().ToString();
        }

        float slope = 0.5f;
        Kernel.Elementwise((float x) => x > 0 ? x : slope * (MathF.Exp(x) - 1)).Apply(new RandomStream(0).Normal([8])).Realize();
    }
}
