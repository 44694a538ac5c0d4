using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

/// <summary>Copies that store past the caches, as very large ones do, give the same elements.</summary>
[Collection(nameof(EngineSettings))]
public sealed class StreamedCopyTests
{
    [Theory]
    [InlineData(DType.UInt8)]
    [InlineData(DType.Float16)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void StreamedCopiesAreThoseThroughTheCaches(DType type)
    {
        long before = Elementwise.StreamedBeyond;
        Tensor x = (Tensor.Arange(256 * 320, DType.Int32) % 251).To(type).Reshape(256, 320).Realize();
        Tensor rows = Tensor.Random(1).Integers(200, 0, 256).Realize();
        Func<Tensor>[] copies =
        [
            () => x.T.Contiguous(),
            () => x[1.., 3..].T.Contiguous(),
            () => x.Flip().Contiguous(),
            () => x[.., 1..300].Flip(1).Contiguous(),
            () => x[1.., ..].Contiguous(),
            () => Tensor.Concat(1, x[.., 5..], x),
            () => x.Take(rows),
            () => x.Pad([(1, 2), (30, 5)], PadMode.Reflect),
            () => x.IndexCopy(0, rows, x[..200]),
        ];
        double[][] expected = [.. copies.Select(copy => copy().To(DType.Float64).ToArray<double>())];
        try
        {
            Elementwise.StreamedBeyond = 0;
            double[][] streamed = [.. copies.Select(copy => copy().To(DType.Float64).ToArray<double>())];
            Assert.All(expected.Zip(streamed), pair => Assert.Equal(pair.First, pair.Second));
        }
        finally
        {
            Elementwise.StreamedBeyond = before;
        }
    }
}
