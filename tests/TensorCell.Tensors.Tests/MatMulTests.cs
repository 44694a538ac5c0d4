using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class MatMulTests
{
    [Theory]
    [InlineData(DType.Float32, DType.Float32)]
    [InlineData(DType.Float64, DType.Float64)]
    [InlineData(DType.Float32, DType.Int32)]
    public void MultipliesVectorsMatricesAndBatchesAsNumPyDoes(DType left, DType right)
    {
        Samples samples = new((int)left + (int)right);
        Random random = samples.Random;
        for (int trial = 0; trial < 40; trial++)
        {
            int inner = random.Next(0, 20);
            int[] batch = [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(1, 4))];
            int[] a = random.Next(5) == 0 ? [inner] : [.. samples.BroadcastableTo(batch), random.Next(1, 12), inner];
            int[] b = random.Next(5) == 0 ? [inner] : [.. samples.BroadcastableTo(batch), inner, random.Next(1, 12)];
            Sample x = samples.Tensor(a, left, -2, 2);
            Sample y = samples.Tensor(b, right, -2, 2);
            DType type = left == DType.Float32 && right == DType.Float32 ? DType.Float32 : DType.Float64;
            (double[] expected, int[] shape) = Product(x, y);
            Reference.AssertClose(expected, shape, type, x.Tensor.MatMul(y.Tensor), tolerance: 200);
        }
    }

    [Fact]
    public void InnerDimensionsThatDifferAreNamed()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.Zeros((128, 512)).MatMul(Tensor.Zeros((256, 10))));
        Assert.Equal("matmul: [128, 512] x [256, 10]: inner dimensions differ (512 and 256)", error.Message);
        Assert.Throws<ArgumentException>(() => Tensor.Zeros((2, 3, 4)).MatMul(Tensor.Zeros((3, 4, 5))));
        Assert.Throws<ArgumentException>(() => Tensor.Zeros(default(Shape)).MatMul(Tensor.Zeros(3)));
    }

    [Fact]
    public void DotAndOuterTakeVectors()
    {
        Tensor x = Tensor.From([1f, 2, 3]);
        Tensor y = Tensor.From([4f, 5, 6]);
        Assert.Equal(32f, (float)x.Dot(y));
        Assert.Equal([4f, 5, 6, 8, 10, 12, 12, 15, 18], x.Outer(y).ToArray<float>());
        Assert.Throws<ArgumentException>(() => x.Dot(Tensor.Ones(2)));
        Assert.Throws<ArgumentException>(() => x.Outer(Tensor.Ones((2, 2))));
    }

    [Fact]
    public void AProductFeedsAFusedChain()
    {
        Tensor x = Tensor.Random(1).Normal((8, 5), dtype: DType.Float64);
        Tensor w = Tensor.Random(2).Normal((5, 3), dtype: DType.Float64);
        Tensor b = Tensor.Random(3).Normal(3, dtype: DType.Float64);
        double[] product = x.MatMul(w).ToArray<double>();
        double[] bias = b.ToArray<double>();
        double[] expected = [.. product.Select((number, index) => Math.Max(0, number + bias[index % 3]))];
        Reference.AssertClose(expected, [8, 3], DType.Float64, (x.MatMul(w) + b).Relu());
    }

    private static (double[] Elements, int[] Shape) Product(Sample x, Sample y)
    {
        int[] a = x.Shape.Length == 1 ? [1, x.Shape[0]] : x.Shape;
        int[] b = y.Shape.Length == 1 ? [y.Shape[0], 1] : y.Shape;
        Sample left = x with { Shape = a };
        Sample right = y with { Shape = b };
        int[] batch = Reference.Broadcast(a[..^2], b[..^2]);
        int[] full = [.. batch, a[^2], b[^1]];
        double[] elements =
        [
            .. Reference.Indices(full).Select(index =>
            {
                double sum = 0;
                for (int k = 0; k < a[^1]; k++)
                {
                    sum += Reference.At(left, [.. index[..^2], index[^2], k]) * Reference.At(right, [.. index[..^2], k, index[^1]]);
                }

                return sum;
            }),
        ];
        List<int> shape = [.. batch];
        if (x.Shape.Length > 1)
        {
            shape.Add(a[^2]);
        }

        if (y.Shape.Length > 1)
        {
            shape.Add(b[^1]);
        }

        return (elements, [.. shape]);
    }
}
