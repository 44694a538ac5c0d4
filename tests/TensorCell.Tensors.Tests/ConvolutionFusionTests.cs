using TensorCell.Kernels;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

/// <summary>Convolutions take the elementwise operations on their results along.</summary>
[Collection(nameof(EngineSettings))]
public sealed class ConvolutionFusionTests : IDisposable
{
    // Of a convolution's result, one number for each of its channels, and a tensor of its shape.
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor, Tensor>> epilogues = new()
    {
        ["relu"] = (product, _, _) => product.Relu(),
        ["scale and shift"] = (product, channel, _) => ((product * channel) + (channel - 1)).Relu(),
        ["residual"] = (product, channel, whole) => (((product + channel).Relu() * 0.5) + whole).Gelu(),
        ["scale"] = (product, _, _) => product * 0.125,
        ["each image"] = (product, _, whole) => product * whole.Mean([2, 3], keepDims: true),
        ["each row and column"] = (product, _, whole) => (product * whole.Max(-1, keepDims: true)) - whole.Max(-2, keepDims: true),
        ["reversed residual"] = (product, _, whole) => product - whole.Flip(-1),
        ["transposed residual"] = (product, _, whole) => product - whole.Transpose(0, 3).Contiguous().Transpose(0, 3),
        ["twice"] = (product, _, _) => product * product.Sigmoid(),
        ["integers"] = (product, _, whole) => (product * 10).To(DType.Int32) + (whole * 5).To(DType.Int8),
        ["wide"] = (product, _, _) => product.To(DType.Float64) + 1,
        ["narrow"] = (product, channel, _) => (product + channel).To(DType.Float16),
        ["narrow residual"] = (product, channel, whole) => (product + whole.To(DType.BFloat16)) * channel.To(DType.Float16),
        ["truth"] = (product, channel, _) => product > channel,
        ["chosen"] = (product, channel, whole) => Tensor.Where(whole > 0, product, channel),
        ["remainder"] = (product, _, whole) => (whole.Abs() * 10).To(DType.Int32) % ((product.Abs() * 3).To(DType.Int32) + 1),
    };

    private readonly bool contraction = Optimizer.Contraction;
    private readonly int bits = VectorWidth.Bits;
    private readonly int threads = Workers.ThreadCount;

    public ConvolutionFusionTests() => Optimizer.Contraction = false;

    public static TheoryData<string> Epilogues => [.. epilogues.Keys];

    public void Dispose()
    {
        Optimizer.Contraction = contraction;
        VectorWidth.Bits = bits;
        Workers.ThreadCount = threads;
    }

    /// <summary>What a named epilogue makes of a convolution's result, one number for each of its channels, and a tensor of its shape.</summary>
    internal static Tensor Apply(string name, Tensor product, Tensor channel, Tensor whole) => epilogues[name](product, channel, whole);

    [Theory]
    [MemberData(nameof(Epilogues))]
    public void GiveTheSameBitsAsAlone(string name)
    {
        Samples samples = new(name.Length);
        for (int trial = 0; trial < 30; trial++)
        {
            DType type = samples.Random.Next(3) == 0 ? DType.Float64 : DType.Float32;
            VectorWidth.Bits = 128 << samples.Random.Next(3);
            Workers.ThreadCount = samples.Random.Next(1, 4);
            ConvolutionReference one = ConvolutionReference.Random(samples.Random, trial < 25 ? 12 : 40);
            bool isTransposed = samples.Random.Next(3) == 0;
            int[] shape = isTransposed ? one.InputShape : one.OutputShape;
            Sample input = samples.Tensor(isTransposed ? one.OutputShape : one.InputShape, type, -1, 1);
            Sample weights = samples.Tensor(one.WeightShape, type, -1, 1);
            Sample? bias = samples.Random.Next(2) == 0 ? null : samples.Tensor([shape[1]], type, -1, 1);
            Sample channel = samples.Tensor([shape[1], 1, 1], type, -1, 1);
            Sample whole = samples.Tensor(shape, type, -1, 1);
            Tensor Convolve() => isTransposed
                ? one.ApplyTransposed(input.Tensor, weights.Tensor, bias?.Tensor)
                : one.Apply(input.Tensor, weights.Tensor, bias?.Tensor);
            AssertSame(
                epilogues[name](Convolve().Realize(), channel.Tensor, whole.Tensor), epilogues[name](Convolve(), channel.Tensor, whole.Tensor));
        }
    }

    [Fact]
    public void LargeResultsAreTheSame()
    {
        Tensor x = Tensor.Random(1).Normal((5, 3, 127, 129)).Realize();
        Tensor w = Tensor.Random(2).Normal((64, 3, 3, 3)).Realize();
        Tensor b = Tensor.Random(3).Normal(64).Realize();
        Tensor whole = Tensor.Random(4).Normal((5, 64, 127, 129)).Realize();
        long streamed = Elementwise.StreamedBeyond;
        try
        {
            Elementwise.StreamedBeyond = 1 << 20;
            AssertSame((x.Conv2D(w, b, padding: 1).Realize() + whole).Relu(), (x.Conv2D(w, b, padding: 1) + whole).Relu());

            w.RequiresGrad = true;
            Tensor pending = x.Conv2D(w, b, padding: 1);
            Tensor together = pending.Gelu();
            Tensor alone = x.Conv2D(w, b, padding: 1).Realize();
            AssertSame(alone.Gelu(), together);
            Assert.False(pending.IsPending);
            AssertSame(alone, pending);
        }
        finally
        {
            Elementwise.StreamedBeyond = streamed;
        }
    }

    [Fact]
    public void RunInOneStep()
    {
        Tensor x = Tensor.Random(1).Normal((2, 3, 16, 16)).Realize();
        Tensor w = Tensor.Random(2).Normal((8, 3, 3, 3)).Realize();
        Tensor b = Tensor.Random(3).Normal(8).Realize();
        Tensor scale = Tensor.Random(4).Normal((8, 1, 1)).Realize();
        LaunchStep step = Assert.Single(LaunchPlan.Of(((x.Conv2D(w, b, padding: 1) * scale) - scale).Gelu()).Steps);
        Assert.Equal("conv2d", step.Operations[0]);
        Assert.Contains("erf", step.Operations);
        Assert.Equal(4, step.Inputs.Count);
        Assert.Single(LaunchPlan.Of(x[0].Conv2D(w, b).Relu()).Steps);
        Assert.Single(LaunchPlan.Of(x[.., .., 0].Conv1D(w[.., .., 0], b).Tanh() + 1).Steps);
        Assert.Single(LaunchPlan.Of(x.ConvTranspose2D(w[..3], stride: 2).Relu()).Steps);
        Assert.Single(LaunchPlan.Of(x.Conv2D(w).To(DType.Float16)).Steps);
    }

    [Fact]
    public void FewerAxesGiveTheSame()
    {
        Samples samples = new(3);
        for (int trial = 0; trial < 10; trial++)
        {
            Sample x = samples.Tensor([2, 3, samples.Random.Next(4, 600)], DType.Float32, -1, 1);
            Sample w = samples.Tensor([5, 3, 4], DType.Float32, -1, 1);
            AssertSame(x.Tensor.Conv1D(w.Tensor).Realize().Silu(), x.Tensor.Conv1D(w.Tensor).Silu());
            AssertSame(x.Tensor[1].Conv1D(w.Tensor).Realize().Silu(), x.Tensor[1].Conv1D(w.Tensor).Silu());
            AssertSame(
                x.Tensor.ConvTranspose1D(w.Tensor[..3], stride: 2).Realize().Silu(), x.Tensor.ConvTranspose1D(w.Tensor[..3], stride: 2).Silu());
        }
    }

    [Fact]
    public void WhatGradientsReadIsStoredOnTheWay()
    {
        Tensor x = Tensor.Random(1).Normal((2, 3, 16, 16)).Realize();
        Tensor w = Tensor.Random(2).Normal((8, 3, 3, 3)).Realize();
        Tensor scale = Tensor.Random(3).Normal((8, 1, 1)).Realize();
        w.RequiresGrad = true;
        Tensor before = x.Conv2D(w) * scale;
        Assert.Single(LaunchPlan.Of(before.Gelu()).Steps);
        Assert.False(before.IsPending);

        Tensor product = x.Conv2D(w);
        LaunchStep both = Assert.Single(LaunchPlan.Of(product.Gelu()).Steps);
        Assert.Equal(2, both.Outputs.Count);
        Assert.False(product.IsPending);
        AssertSame(x.Conv2D(w).Realize(), product);

        // The gradient of this is told from its result.
        Assert.Single(Assert.Single(LaunchPlan.Of(x.Conv2D(w).Relu()).Steps).Outputs);
    }

    [Fact]
    public void AConvolutionThatIsReadTwiceIsStored()
    {
        Tensor x = Tensor.Random(1).Normal((2, 3, 16, 16)).Realize();
        Tensor w = Tensor.Random(2).Normal((8, 3, 3, 3)).Realize();
        Tensor product = x.Conv2D(w);
        Tensor one = product + 1;
        Tensor two = product.Sum(0);
        float[] ones = one.ToArray<float>();
        Assert.False(product.IsPending);
        AssertSame(product.Sum(0), two);
        Assert.Equal(ones[5], product.ToArray<float>()[5] + 1);
    }

    [Fact]
    public void TwoConvolutionsAreAdded()
    {
        Tensor x = Tensor.Random(1).Normal((2, 8, 16, 16)).Realize();
        Tensor w = Tensor.Random(2).Normal((8, 8, 3, 3)).Realize();
        Tensor v = Tensor.Random(3).Normal((8, 8, 1, 1)).Realize();
        Assert.Equal(2, LaunchPlan.Of(x.Conv2D(w, padding: 1) + x.Conv2D(v)).Steps.Count);
        AssertSame(x.Conv2D(w, padding: 1).Realize() + x.Conv2D(v).Realize(), x.Conv2D(w, padding: 1) + x.Conv2D(v));
    }

    [Fact]
    public void AConvolutionAskedForLaterIsComputedThen()
    {
        Tensor x = Tensor.Random(1).Normal((2, 3, 16, 16)).Realize();
        Tensor w = Tensor.Random(2).Normal((8, 3, 3, 3)).Realize();
        Tensor product = x.Conv2D(w);
        Tensor activated = product.Relu().Realize();
        Assert.True(product.IsPending);
        AssertSame(product.Relu(), activated);
        Assert.False(product.IsPending);
    }

    [Fact]
    public void ReadOtherwiseItRunsAlone()
    {
        Tensor x = Tensor.Random(1).Normal((2, 3, 16, 16)).Realize();
        Tensor w = Tensor.Random(2).Normal((8, 3, 3, 3)).Realize();
        AssertSame(x.Conv2D(w).Realize().Flip(-1) + 1, x.Conv2D(w).Flip(-1) + 1);
        AssertSame(x.Conv2D(w).Realize().Transpose(2, 3) * 2, x.Conv2D(w).Transpose(2, 3) * 2);
        AssertSame(x.Conv2D(w).Realize()[.., ..1] * Tensor.Ones((1, 8, 1, 1)), x.Conv2D(w)[.., ..1] * Tensor.Ones((1, 8, 1, 1)));
    }

    [Fact]
    public void GradientsAreThoseOfTheParts()
    {
        Samples samples = new(5);
        Sample x = samples.Tensor([2, 2, 5, 4], DType.Float64, -1, 1);
        Sample w = samples.Tensor([3, 2, 3, 2], DType.Float64, -1, 1);
        Sample b = samples.Tensor([3], DType.Float64, -1, 1);
        Sample scale = samples.Tensor([3, 1, 1], DType.Float64, -1, 1);
        GradientCheck.Run(t => t[0].Conv2D(t[1], t[2]).Gelu(), x, w, b);
        GradientCheck.Run(t => (t[0].Conv2D(t[1], t[2], padding: 1).Tanh() * t[3]) + t[3], x, w, b, scale);
        GradientCheck.Run(t => ((t[0].Conv2D(t[1], t[2]) * t[3]) - t[3]).Sigmoid(), x, w, b, scale);
        GradientCheck.Run(t => t[0].ConvTranspose2D(t[1][..2], stride: 2).Gelu(), x, w);
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.To(DType.Float64).ToArray<double>(), actual.To(DType.Float64).ToArray<double>());
    }
}
