using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

[Collection(nameof(EngineSettings))]
public sealed class AttentionTests : IDisposable
{
    private readonly int bits = VectorWidth.Bits;
    private readonly int threads = Workers.ThreadCount;

    public static MatrixTheoryData<DType, int> TypesAndWidths => new([DType.Float32, DType.Float64], [128, 256, 512]);

    public void Dispose()
    {
        VectorWidth.Bits = bits;
        Workers.ThreadCount = threads;
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void AttendsAsThePlainFormulaDoes(DType dtype, int width)
    {
        VectorWidth.Bits = width;
        Samples samples = new((int)dtype + width);
        Random random = samples.Random;
        for (int trial = 0; trial < 60; trial++)
        {
            DType mask = random.Next(2) == 0 ? DType.Bool : dtype;
            (int, int, int, int) lengths = (random.Next(0, 45), random.Next(0, 45), random.Next(0, 20), random.Next(0, 20));
            AttentionCase one = AttentionCase.Random(samples, dtype, mask, lengths, random.Next(2) == 0);
            Reference.AssertClose(one.Expected(), one.Shape, dtype, one.Compute(), tolerance: 200);
        }
    }

    [Theory]
    [InlineData(DType.Float32, 1, 1300, 64, 64)]
    [InlineData(DType.Float32, 7, 1025, 33, 47)]
    [InlineData(DType.Float32, 67, 300, 128, 20)]
    [InlineData(DType.Float32, 133, 133, 5, 256)]
    [InlineData(DType.Float64, 3, 1100, 17, 3)]
    [InlineData(DType.Float64, 40, 1200, 9, 16)]
    [InlineData(DType.Float64, 150, 131, 256, 9)]
    public void BlocksOfQueriesAndPartsOfKeysJoin(DType dtype, int m, int n, int d, int e)
    {
        Samples samples = new(m + n);
        foreach (bool isCausal in (bool[])[false, true])
        {
            Sample query = samples.Tensor([2, m, d], dtype, -1, 1);
            Sample key = samples.Tensor([1, n, d], dtype, -1, 1);
            Sample value = samples.Tensor([1, n, e], dtype, -1, 1);
            Sample mask = samples.Tensor([m, n], isCausal ? DType.Bool : dtype, 0, 1);
            AttentionCase one = new(query, key, value, mask, isCausal, null);
            Reference.AssertClose(one.Expected(), one.Shape, dtype, one.Compute(), tolerance: 400);
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void TheNumberOfThreadsChangesNothing(DType dtype)
    {
        Samples samples = new(5);
        foreach ((int heads, int m, int n) in ((int, int, int)[])[(1, 300, 1500), (40, 33, 70), (2, 2, 1600)])
        {
            Tensor query = samples.Tensor([heads, m, 24], dtype, -1, 1).Tensor;
            Tensor key = samples.Tensor([heads, n, 24], dtype, -1, 1).Tensor;
            Tensor value = samples.Tensor([heads, n, 30], dtype, -1, 1).Tensor;
            byte[][] results = [.. Enumerable.Range(1, 4).Select(count =>
            {
                Workers.ThreadCount = count;
                return Tensor.Attention(query, key, value, isCausal: true).To(DType.Float64).ToArray<double>().SelectMany(BitConverter.GetBytes).ToArray();
            })];
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
    }

    [Fact]
    public void HeadsMayBeLeftOut()
    {
        Tensor x = Tensor.Random(1).Normal((4, 6), dtype: DType.Float64).Realize();
        Tensor y = Tensor.Random(2).Normal((7, 6), dtype: DType.Float64).Realize();
        double[] expected = (x.MatMul(y.T) / Math.Sqrt(6)).Softmax(-1).MatMul(y).ToArray<double>();
        Reference.AssertClose(expected, [4, 6], DType.Float64, Tensor.Attention(x, y, y), tolerance: 50);
        Reference.AssertClose(expected, [1, 4, 6], DType.Float64, Tensor.Attention(x.Unsqueeze(0), y, y), tolerance: 50);
        Reference.AssertClose(
            [.. expected, .. expected], [2, 4, 6], DType.Float64, Tensor.Attention(Tensor.Stack(0, x, x), y, y.Unsqueeze(0)), tolerance: 50);
    }

    [Fact]
    public void CausalityIsAlignedToTheLastKey()
    {
        Tensor query = Tensor.Zeros((2, 3), DType.Float64);
        Tensor key = Tensor.Zeros((4, 3), DType.Float64);
        Tensor value = Tensor.From<double>([1, 2, 4, 8], (4, 1));
        Reference.AssertClose([7.0 / 3, 15.0 / 4], [2, 1], DType.Float64, Tensor.Attention(query, key, value, isCausal: true));
    }

    [Fact]
    public void AQueryThatSeesNothingGivesZeros()
    {
        Tensor query = Tensor.Ones((3, 2));
        Tensor key = Tensor.Ones((2, 2));
        Tensor value = Tensor.From<float>([1, 2, 3, 4], (2, 2));
        Tensor mask = Tensor.From<bool>([false, false, true, false, true, true], (3, 2));
        Assert.Equal([0f, 0, 1, 2, 2, 3], Tensor.Attention(query, key, value, mask).ToArray<float>());
        Tensor bias = Tensor.Where(mask, 0f, float.NegativeInfinity);
        Assert.Equal([0f, 0, 1, 2, 2, 3], Tensor.Attention(query, key, value, bias).ToArray<float>());
        Assert.Equal([0f, 0, 1, 2, 2, 3], Tensor.Attention(query, key, value, isCausal: true).ToArray<float>());
        Assert.Equal(new float[6], Tensor.Attention(query, Tensor.Zeros((0, 2)), Tensor.Zeros((0, 2))).ToArray<float>());

        // As many queries as make panels of them.
        float[] many = Tensor.Attention(Tensor.Ones((40, 2)), key, value, isCausal: true).ToArray<float>();
        Assert.Equal(new float[76], many[..76]);
        Assert.Equal([1f, 2, 2, 3], many[76..]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void HidingByTheLeastNumberLeavesTheMeanWhereAllIsHidden(int queries)
    {
        Tensor value = Tensor.From<float>([1, 2, 3, 6], (2, 2));
        Tensor bias = Tensor.Full((queries, 2), float.MinValue);
        float[] found = Tensor.Attention(Tensor.Ones((queries, 2)), Tensor.Ones((2, 2)), value, bias).ToArray<float>();
        Assert.Equal([2f, 4], found[..2]);
        Assert.Equal([2f, 4], found[^2..]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void GreatScoresNeitherOverflowNorVanish(int queries)
    {
        Tensor query = Tensor.Full((queries, 1), 1e4, DType.Float64);
        Tensor key = Tensor.From<double>([-1e4, 0, 1e4, 1e4 - 1e-5], (4, 1));
        Tensor value = Tensor.From<double>([1, 2, 3, 4], (4, 1));
        double[] found = Tensor.Attention(query, key, value, scale: 1).ToArray<double>();
        double weight = 1 / (1 + Math.Exp(-0.1));
        Assert.All(found, element => Assert.Equal((3 * weight) + (4 * (1 - weight)), element, 1e-6));
        Assert.All(
            Tensor.Attention(Tensor.Full((queries, 1), double.NaN), key, value).ToArray<double>(), element => Assert.True(double.IsNaN(element)));
    }

    [Theory]
    [InlineData(DType.Float16, DType.Float16)]
    [InlineData(DType.BFloat16, DType.BFloat16)]
    [InlineData(DType.Int32, DType.Float64)]
    public void OtherTypesAreConverted(DType given, DType expected)
    {
        Samples samples = new(3);
        Tensor query = samples.Tensor([2, 5, 4], given, -3, 3).Tensor;
        Tensor key = samples.Tensor([2, 6, 4], given, -3, 3).Tensor;
        Tensor found = Tensor.Attention(query, key, key, isCausal: true);
        DType computed = expected == DType.Float64 ? expected : DType.Float32;
        Assert.Equal(expected, found.DType);
        Assert.Equal(
            Tensor.Attention(query.To(computed), key.To(computed), key.To(computed), isCausal: true).To(expected).To(DType.Float64).ToArray<double>(),
            found.To(DType.Float64).ToArray<double>());
    }

    [Fact]
    public void ShapesThatDoNotFitAreNamed()
    {
        static string Error(Shape query, Shape key, Shape value, Tensor? mask = null) =>
            Assert.Throws<ArgumentException>(() => Tensor.Attention(Tensor.Zeros(query), Tensor.Zeros(key), Tensor.Zeros(value), mask)).Message;

        Assert.Equal(
            "attention: query [4, 8], key [5, 9], value [5, 8]: queries have 8 elements and keys 9; they must have as many", Error((4, 8), (5, 9), (5, 8)));
        Assert.Equal(
            "attention: query [4, 8], key [5, 8], value [6, 8]: there are 5 keys and 6 values; there must be a value for each key", Error((4, 8), (5, 8), (6, 8)));
        Assert.Equal(
            "attention: query [4, 2, 8], key [3, 5, 8], value [3, 5, 8]: the 4 heads of the query are not a multiple of the 3 heads of the key",
            Error((4, 2, 8), (3, 5, 8), (3, 5, 8)));
        Assert.Equal(
            "attention: query [4, 2, 8], key [2, 5, 8], value [1, 5, 8]: keys have 2 heads and values 1; they must have as many",
            Error((4, 2, 8), (2, 5, 8), (1, 5, 8)));
        Assert.Equal("attention: query [8], key [5, 8], value [5, 8]: each needs at least two axes, [queries or keys, elements]", Error(8, (5, 8), (5, 8)));
        Assert.Contains("do not broadcast", Error((2, 1, 4, 8), (3, 1, 5, 8), (3, 1, 5, 8)));
        Assert.Equal(
            "attention: query [4, 8], key [5, 8], value [5, 8]: mask [4, 4] does not broadcast to the scores' shape [1, 4, 5]",
            Error((4, 8), (5, 8), (5, 8), Tensor.Zeros((4, 4))));
        Assert.StartsWith("attention: a mask of i64; it must be bool", Error((4, 8), (5, 8), (5, 8), Tensor.Zeros((4, 5), DType.Int64)));
    }

    [Fact]
    public void AttentionIsLazyAndFeedsAFusedChain()
    {
        Tensor x = Tensor.Random(1).Normal((5, 4), dtype: DType.Float64);
        Tensor attended = Tensor.Attention(x, x, x);
        Assert.True(attended.IsPending);
        double[] expected = [.. attended.ToArray<double>().Select(element => Math.Max(0, element) + 1)];
        Assert.Equal(expected, (Tensor.Attention(x, x, x).Relu() + 1).ToArray<double>());
    }
}
