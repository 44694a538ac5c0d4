using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class NormalizationTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void LayersGiveWhatTheirFormulasGive(DType type)
    {
        Samples samples = new((int)type);
        double tolerance = type switch { DType.Float16 => 4e-3, DType.BFloat16 => 3e-2, DType.Float32 => 1e-5, _ => 1e-12 };
        for (int trial = 0; trial < 12; trial++)
        {
            int[] shape = [samples.Random.Next(1, 5), 6, samples.Random.Next(1, 9), samples.Random.Next(2, 40)];
            Sample x = samples.Tensor(shape, type, -3, 3);
            Sample perChannel = samples.Tensor([6], type, 0.5, 2);
            Sample trailing = samples.Tensor([shape[2], shape[3]], type, -1, 2);
            Check(x.Tensor.LayerNorm(trailing.Tensor, trailing.Tensor), Formula(x, [2, 3], index => At(trailing, index[2], index[3]), index => At(trailing, index[2], index[3]), true));
            Check(x.Tensor.RmsNorm(trailing.Tensor), Formula(x, [2, 3], index => At(trailing, index[2], index[3]), _ => 0, false));
            Check(x.Tensor.BatchNorm(perChannel.Tensor, perChannel.Tensor), Formula(x, [0, 2, 3], index => At(perChannel, index[1]), index => At(perChannel, index[1]), true));
            Check(x.Tensor.BatchNorm(perChannel.Tensor), Formula(x, [0, 2, 3], index => At(perChannel, index[1]), _ => 0, true));
            Check(x.Tensor.Standardize([1, -1]), Formula(x, [1, 3], _ => 1, _ => 0, true));

            int[] split = [shape[0], 2, 3, shape[2] * shape[3]];
            Sample grouped = new(x.Tensor, split, x.Numbers);
            double weight(int[] index) => At(perChannel, (index[1] * 3) + index[2]);
            Check(x.Tensor.GroupNorm(2, perChannel.Tensor, perChannel.Tensor), Formula(grouped, [2, 3], weight, weight, true));

            void Check(Tensor found, double[] expected)
            {
                Assert.Equal(type, found.DType);
                double[] numbers = found.To(DType.Float64).ToArray<double>();
                Assert.Equal(expected.Length, numbers.Length);
                Assert.All(expected.Zip(numbers), pair => Assert.Equal(pair.First, pair.Second, tolerance * Math.Max(1, Math.Abs(pair.First))));
            }
        }
    }

    [Fact]
    public void KnownStatisticsAreUsedInInference()
    {
        Tensor x = Tensor.Arange(12).Reshape(2, 3, 2);
        Tensor found = x.BatchNorm(Tensor.From([1f, 2, 3]), Tensor.From([4f, 1, 0.25f]), Tensor.From([2f, 1, 1]), Tensor.From([0f, 1, 0]), epsilon: 0);
        Assert.Equal([-1f, 0, 1, 2, 2, 4, 5, 6, 7, 8, 14, 16], found.ToArray<float>());
    }

    [Fact]
    public void Gradients()
    {
        Samples samples = new(11);
        for (int trial = 0; trial < 3; trial++)
        {
            Sample x = samples.Tensor([3, 4, 2, 3], DType.Float64, -2, 2);
            Sample channels = samples.Tensor([4], DType.Float64, 0.5, 2);
            Sample trailing = samples.Tensor([2, 3], DType.Float64, 0.5, 2);
            GradientCheck.Run(t => t[0].LayerNorm(t[1], t[2], 1e-2), 1e-5, x, trailing, trailing);
            GradientCheck.Run(t => t[0].RmsNorm(t[1], 1e-2), 1e-5, x, trailing);
            GradientCheck.Run(t => t[0].BatchNorm(t[1], t[2], 1e-2), 1e-5, x, channels, channels);
            GradientCheck.Run(t => t[0].GroupNorm(2, t[1], t[2], 1e-2), 1e-5, x, channels, channels);
            GradientCheck.Run(t => t[0].BatchNorm(t[1], t[2], t[1], t[2], 1e-2), 1e-5, x, channels, channels);
        }
    }

    [Fact]
    public void ALayerNormIsOnePipeline()
    {
        Tensor x = Tensor.Random(1).Normal((64, 96)).Realize();
        LaunchPlan plan = LaunchPlan.Of(x.LayerNorm(Tensor.Ones(96).Realize(), Tensor.Zeros(96).Realize()));
        Assert.All(plan.Steps, step => Assert.Equal(0, step.Pipeline));
    }

    [Fact]
    public void ShapesThatDoNotFitAreNamed()
    {
        Tensor x = Tensor.Ones((2, 4, 6));
        Assert.Equal(
            "layernorm: [2, 4, 6] with weight [4]: they need the shape of the last axes",
            Assert.Throws<ArgumentException>(() => x.LayerNorm(Tensor.Ones(4))).Message);
        Assert.Equal(
            "batchnorm: [2, 4, 6] with [6] and [6]: needs [batch, channels, …] and vectors of [channels]",
            Assert.Throws<ArgumentException>(() => x.BatchNorm(Tensor.Ones(6), Tensor.Ones(6))).Message);
        Assert.Equal(
            "groupnorm: 3 groups of the 4 channels of [2, 4, 6]: they must divide them",
            Assert.Throws<ArgumentException>(() => x.GroupNorm(3, Tensor.Ones(4))).Message);
        Assert.Equal(
            "rmsnorm: a weight or bias of i32; use .To(DType.Float32)",
            Assert.Throws<ArgumentException>(() => x.RmsNorm(Tensor.Ones(6, DType.Int32))).Message);
    }

    [Fact]
    public void NothingToNormaliseGivesNothing()
    {
        Assert.Empty(Tensor.Ones((0, 4)).LayerNorm(Tensor.Ones(4)).ToArray<float>());
        Assert.Empty(Tensor.Ones((0, 4, 3)).BatchNorm(Tensor.Ones(4)).ToArray<float>());
        Assert.Empty(Tensor.Ones((0, 4, 3)).GroupNorm(2, Tensor.Ones(4)).ToArray<float>());
    }

    private static double At(Sample sample, params int[] index) => Reference.At(sample, index);

    private static double[] Formula(Sample x, int[] axes, Func<int[], double> weight, Func<int[], double> bias, bool isCentred)
    {
        double[] means = isCentred ? Reference.Reduce(x, axes, values => values.Average()) : Reference.Reduce(x, axes, _ => 0);
        int[] kept = [.. x.Shape.Select((length, axis) => axes.Contains(axis) ? 1 : length)];
        Sample mean = new(x.Tensor, kept, means);
        Sample centred = new(x.Tensor, x.Shape, Reference.Map(values => values[0] - values[1], x, mean));
        Sample variance = new(x.Tensor, kept, Reference.Reduce(centred, axes, values => values.Average(value => value * value)));
        return
        [
            .. Reference.Indices(x.Shape).Select(index =>
                (Reference.At(centred, index) / Math.Sqrt(Reference.At(variance, index) + 1e-5) * weight(index)) + bias(index)),
        ];
    }
}
