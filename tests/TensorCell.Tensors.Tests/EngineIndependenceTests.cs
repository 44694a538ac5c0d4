using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

/// <summary>The same elements, bit for bit, whatever the number of threads; and to rounding, whatever the width of vectors.</summary>
[Collection(nameof(EngineSettings))]
public sealed class EngineIndependenceTests
{
    private static readonly Tensor x = Numbers(1, 301, 257);
    private static readonly Tensor images = Numbers(2, 3, 6, 29, 31);
    private static readonly Tensor filters = Numbers(3, 8, 6, 3, 3);
    private static readonly Tensor vector = Numbers(4, 200_003);
    private static readonly Tensor weight = Numbers(5, 257);
    private static readonly Tensor places = (vector * 700).To(DType.Int64) % 1000 + 1000;
    private static readonly Tensor integers = (x * 1e6).To(DType.Int32).Realize();

    private static readonly (string Name, Func<Tensor> Function)[] programs =
    [
        ("normal", () => Tensor.Random(7).Normal(100_003)),
        ("uniform", () => Tensor.Random(7).Uniform((77, 1301))),
        ("integers", () => Tensor.Random(7).Integers((77, 1301), -5, 1L << 40)),
        ("permutation", () => Tensor.Random(7).Permutation(10_000)),
        ("chain", Chain),
        ("sum along 0", () => Chain().Sum(0)),
        ("sum along 1", () => Chain().Sum(1)),
        ("sum", () => vector.Sum()),
        ("sum of halves", () => vector.To(DType.Float16).Sum()),
        ("sum of integers", () => integers.Sum()),
        ("mean", () => vector.Mean()),
        ("prod", () => (1 + (vector * 1e-4)).Prod()),
        ("var", () => vector.Var()),
        ("std along 0", () => x.Std(0)),
        ("max", () => Chain().Max(1)),
        ("argmin", () => x.ArgMin(0)),
        ("any", () => (x > 3.9).Any(0)),
        ("norm 1", () => vector.Norm(1)),
        ("norm 2", () => vector.Norm()),
        ("norm 3", () => x.Norm(3, 0)),
        ("norm inf", () => vector.Norm(double.PositiveInfinity)),
        ("softmax", () => Chain().Softmax()),
        ("softmax along 0", () => Chain().Softmax(0)),
        ("log softmax", () => Chain().LogSoftmax()),
        ("log sum exp", () => vector.LogSumExp()),
        ("layer norm", () => x.LayerNorm(weight, weight)),
        ("rms norm", () => x.RmsNorm(weight)),
        ("batch norm", () => images.BatchNorm(weight[..6], weight[6..12])),
        ("group norm", () => images.GroupNorm(2, weight[..6], weight[6..12])),
        ("cumsum", () => vector.CumSum()),
        ("cumsum along 0", () => x.CumSum(0)),
        ("cumprod", () => (1 + (vector * 1e-4)).CumProd()),
        ("cummax", () => vector.CumMax(0)),
        ("argcummax", () => x.ArgCumMax(0)),
        ("log cumsum exp", () => vector.LogCumSumExp(0)),
        ("sort", () => vector.Sort()),
        ("sort along 0", () => x.Sort(0)),
        ("argsort", () => vector.ArgSort()),
        ("topk", () => vector.TopK(1000).Indices),
        ("unique", () => places.Unique()),
        ("median", () => vector.Median()),
        ("quantile", () => x.Quantile([0.1, 0.7], 0)),
        ("histogram", () => vector.Histogram(50).Counts),
        ("bincount", () => places.BinCount(vector)),
        ("search", () => weight.Sort().SearchSorted(vector)),
        ("take", () => vector.Take(places)),
        ("gather", () => x.Gather(0, places[..257].Reshape(1, 257) % 301)),
        ("masked select", () => x[x > 0]),
        ("scatter", () => Tensor.Zeros(2000).Scatter(0, places, vector)),
        ("scatter add", () => Tensor.Zeros(2000).ScatterAdd(0, places, vector)),
        ("scatter mean", () => Tensor.Zeros(2000).ScatterReduce(0, places, vector, ScatterReduction.Mean)),
        ("index add", () => Tensor.Zeros((2000, 3)).IndexAdd(0, places, vector.Unsqueeze(1) * Tensor.Ones(3))),
        ("add at", () => Tensor.Zeros(2000).AddAt(vector, places)),
        ("transposed", () => Chain().T.Contiguous()),
        ("pad", () => images.Pad([(0, 0), (0, 0), (2, 1), (1, 2)], PadMode.Reflect)),
        ("roll", () => x.Roll(37, 0)),
        ("tril", () => x.Tril(-3)),
        ("repeat", () => x.Repeat(3, 1)),
        ("concat", () => Tensor.Concat(1, x, x * 2)),
        ("matmul", () => x.MatMul(x.T)),
        ("matmul with a bias", () => (x.MatMul(x.T) + weight[0]).Tanh()),
        ("matmul of doubles", () => x.To(DType.Float64).MatMul(x.To(DType.Float64).T)),
        ("matmul of integers", () => integers.MatMul(integers.T)),
        ("matmul with a vector", () => x.MatMul(weight)),
        ("einsum", () => Tensor.Einsum("bchw,bcij->bhi", images, images)),
        ("convolution", () => images.Conv2D(filters, padding: 1)),
        ("strided convolution", () => images.Conv2D(filters, weight[..8], stride: 2)),
        ("transposed convolution", () => images.ConvTranspose2D(filters.Transpose(0, 1).Contiguous(), stride: 2)),
        ("attention", () => Tensor.Attention(x[..256].Reshape(1, 257, 8, 32).Transpose(1, 2)[.., .., ..200], x[..256].Reshape(1, 257, 8, 32).Transpose(1, 2), x[..256].Reshape(1, 257, 8, 32).Transpose(1, 2))),
        ("covariance", () => x.Covariance()),
        ("gradient of a convolution", () => GradientOf(given => given.Conv2D(filters, padding: 1).Square().Sum(), images)),
        ("gradient of a softmax", () => GradientOf(given => (given.Softmax() * x).Sum(), x)),
        ("gradient of layer norm", () => GradientOf(given => x.LayerNorm(given).Square().Sum(), weight)),
        ("gradient of take", () => GradientOf(given => (given.Take(places) * vector).Sum(), vector)),
    ];

    public static TheoryData<string> Names => [.. programs.Select(program => program.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ResultsDoNotDependOnTheNumberOfThreads(string name)
    {
        Func<Tensor> program = programs.First(one => one.Name == name).Function;
        int threads = Workers.ThreadCount;
        try
        {
            Workers.ThreadCount = 1;
            NumPyArray one = NumPyArray.Of(program());
            foreach (int count in (int[])[2, 3, 8])
            {
                Workers.ThreadCount = count;
                Assert.True(one.Data.AsSpan().SequenceEqual(NumPyArray.Of(program()).Data), $"{name}: {count} threads give other elements than one");
            }
        }
        finally
        {
            Workers.ThreadCount = threads;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ResultsAreTheSameToRoundingAtEveryVectorWidth(string name)
    {
        Func<Tensor> program = programs.First(one => one.Name == name).Function;
        int bits = VectorWidth.Bits;
        try
        {
            VectorWidth.Bits = 128;
            Tensor narrow = program().Realize();
            double[] expected = narrow.To(DType.Float64).ToArray<double>();
            double scale = 1 + (expected.Length == 0 ? 0 : expected.Max(Math.Abs));
            foreach (int width in (int[])[256, 512])
            {
                VectorWidth.Bits = width;
                double[] found = program().To(DType.Float64).ToArray<double>();
                Assert.Equal(expected.Length, found.Length);
                for (int index = 0; index < found.Length; index++)
                {
                    // An element that is the difference of great ones is as exact as those.
                    double allowed = narrow.DType.IsFloatingPoint ? 2e-5 * Math.Max(scale * 0.05, Math.Abs(expected[index])) : 0;
                    Assert.True(
                        expected[index].Equals(found[index]) || Math.Abs(expected[index] - found[index]) <= allowed,
                        $"{name}: element {index}: {expected[index]:R} with vectors of 128 bits, {found[index]:R} with {width}");
                }
            }
        }
        finally
        {
            VectorWidth.Bits = bits;
        }
    }

    private static Tensor Chain() => (((x * 1.5) + weight).Tanh() * weight) + x[.., TensorIndex.Every(-1)].Relu();

    private static Tensor GradientOf(Func<Tensor, Tensor> function, Tensor given)
    {
        Tensor parameter = given.Detach();
        parameter.RequiresGrad = true;
        return Tensor.GradientsOf(function(parameter), parameter)[0];
    }

    // Not of the engine's own making, so that they are the same at every width.
    private static Tensor Numbers(int seed, params int[] shape)
    {
        Random random = new(seed);
        return Tensor.From(Enumerable.Range(0, shape.Aggregate((count, length) => count * length)).Select(_ => (random.NextSingle() * 8) - 4).ToArray(), Shape.Of(shape));
    }
}
