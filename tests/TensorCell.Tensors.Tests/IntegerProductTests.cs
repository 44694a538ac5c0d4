using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Matrix products of integers, which wrap.</summary>
public sealed class IntegerProductTests
{
    [Theory]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    [InlineData(DType.UInt8)]
    [InlineData(DType.Int8)]
    public void SumsWrap(DType type)
    {
        Samples samples = new(5 + (int)type);
        foreach ((int rows, int depth, int columns) in ((int, int, int)[])[(1, 1, 1), (4, 600, 16), (67, 513, 35), (200, 3, 1), (1, 700, 90), (5, 0, 3)])
        {
            Tensor a = samples.Tensor([rows, depth], DType.Int64, -4e18, 4e18).Tensor.To(type);
            Tensor b = samples.Tensor([depth, columns], DType.Int64, -4e18, 4e18).Tensor.To(type);
            long[] left = a.To(DType.Int64).ToArray<long>();
            long[] right = b.To(DType.Int64).ToArray<long>();
            long[] expected = new long[rows * columns];
            for (int place = 0; place < expected.Length; place++)
            {
                for (int step = 0; step < depth; step++)
                {
                    expected[place] = unchecked(expected[place] + (left[(place / columns * depth) + step] * right[(step * columns) + (place % columns)]));
                }
            }

            Tensor product = a.MatMul(b);
            Assert.Equal(type, product.DType);
            Assert.Equal(Tensor.From(expected).To(type).To(DType.Int64).ToArray<long>(), product.To(DType.Int64).ToArray<long>());
            Assert.Equal((product.Realize() + 3).To(DType.Int64).ToArray<long>(), (a.MatMul(b) + 3).To(DType.Int64).ToArray<long>());
        }
    }

    [Fact]
    public void TruthValuesAskWhetherAnyProductHolds()
    {
        Tensor edges = Tensor.From(new[,] { { true, true, false }, { false, true, true }, { false, false, false } });
        Assert.Equal([true, true, true, false, true, true, false, false, false], edges.MatMul(edges).ToArray<bool>());
        Assert.Equal(DType.Bool, edges[0].Dot(edges[1]).DType);
    }
}
