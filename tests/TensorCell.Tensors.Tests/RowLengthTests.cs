using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

[Collection(nameof(EngineSettings))]
public sealed class RowLengthTests : IDisposable
{
    private readonly int bits = VectorWidth.Bits;

    public static MatrixTheoryData<DType, int> TypesAndWidths =>
        new([DType.Float32, DType.Float64, DType.Float16, DType.UInt8, DType.Int64], [128, 256, 512]);

    public void Dispose() => VectorWidth.Bits = bits;

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void RowsOfAnyNumberOfVectorsAreComputedToTheirEnd(DType dtype, int width)
    {
        VectorWidth.Bits = width;
        foreach (int columns in (int[])[512, 528, 544, 560, 576, 608, 640, 656, 720, 768, 1000, 1001])
        {
            Tensor x = Tensor.Random((ulong)columns).Integers(Shape.Of(5, columns), 0, 9).To(dtype).Realize();
            Tensor factor = Tensor.Random((ulong)columns + 1).Integers(Shape.Of(columns), 0, 3).To(dtype).Realize();
            Tensor[] results = [x + factor, (x * factor) + 1, ((x - factor) * factor) + (x * x), Tensor.Maximum(x, factor) * (factor + x) * x];
            Tensor spread = factor.BroadcastTo(x.Shape).Contiguous().Flatten().Realize();
            Tensor flat = x.Flatten();
            Tensor[] expected =
                [flat + spread, (flat * spread) + 1, ((flat - spread) * spread) + (flat * flat), Tensor.Maximum(flat, spread) * (spread + flat) * flat];
            for (int i = 0; i < results.Length; i++)
            {
                Assert.Equal(expected[i].To(DType.Float64).ToArray<double>(), results[i].To(DType.Float64).ToArray<double>());
            }
        }
    }
}
