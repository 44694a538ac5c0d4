using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

[Collection(nameof(EngineSettings))]
public sealed class AttentionGradientTests : IDisposable
{
    private readonly int bits = VectorWidth.Bits;
    private readonly int threads = Workers.ThreadCount;

    public void Dispose()
    {
        VectorWidth.Bits = bits;
        Workers.ThreadCount = threads;
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void GradientsAreThoseOfDifferences(int width)
    {
        VectorWidth.Bits = width;
        Samples samples = new(width);
        Random random = samples.Random;
        for (int trial = 0; trial < 12; trial++)
        {
            (int, int, int, int) lengths = (random.Next(1, 6), random.Next(1, 6), random.Next(1, 4), random.Next(1, 4));
            AttentionCase one = AttentionCase.Random(samples, DType.Float64, trial % 3 == 0 ? DType.Bool : DType.Float64, lengths, trial % 2 == 0);
            Check(one);
        }
    }

    [Theory]
    [InlineData(9, 40, 3, 2, false)]
    [InlineData(40, 9, 2, 3, true)]
    [InlineData(21, 21, 5, 1, true)]
    public void GradientsCrossTilesAndPanels(int m, int n, int d, int e, bool isCausal)
    {
        Samples samples = new(m);
        Check(new AttentionCase(
            samples.Tensor([2, m, d], DType.Float64, -1, 1),
            samples.Tensor([1, n, d], DType.Float64, -1, 1),
            samples.Tensor([1, n, e], DType.Float64, -1, 1),
            isCausal ? null : samples.Tensor([m, n], DType.Float64, -1, 1),
            isCausal,
            null));
    }

    [Theory]
    [InlineData(DType.Float64, false)]
    [InlineData(DType.Float64, true)]
    [InlineData(DType.Float32, true)]
    public void GradientsOfLongOnesAreThoseOfTheComposedFormula(DType dtype, bool isCausal)
    {
        Samples samples = new(8);
        Tensor query = samples.Tensor([2, 4, 150, 20], dtype, -1, 1).Tensor.Detach();
        Tensor key = samples.Tensor([2, 1, 1100, 20], dtype, -1, 1).Tensor.Detach();
        Tensor value = samples.Tensor([2, 1, 1100, 37], dtype, -1, 1).Tensor.Detach();
        Tensor mask = samples.Tensor([4, 150, 1100], dtype, -1, 1).Tensor.Detach();
        Tensor[] inputs = [query, key, value, mask];
        Tensor hidden = Tensor.Arange(0, 1100).Unsqueeze(0) > Tensor.Arange(950, 1100).Unsqueeze(1);
        Tensor[] found = Gradients(inputs, () => Tensor.Attention(query, key, value, mask, isCausal, 0.3));
        Tensor[] expected = Gradients(inputs, () =>
        {
            Tensor scores = (query.MatMul(key.Transpose()) * 0.3) + mask;
            scores = isCausal ? Tensor.Where(hidden, double.NegativeInfinity, scores) : scores;
            return scores.Softmax(-1).MatMul(value);
        });
        for (int input = 0; input < inputs.Length; input++)
        {
            Reference.AssertClose(
                expected[input].To(DType.Float64).ToArray<double>(), inputs[input].Shape.ToArray(), dtype, found[input], dtype == DType.Float32 ? 100 : 2000);
        }
    }

    [Fact]
    public void TheNumberOfThreadsChangesNoGradient()
    {
        Samples samples = new(9);
        Tensor query = samples.Tensor([1, 2, 70, 12], DType.Float32, -1, 1).Tensor.Detach();
        Tensor key = samples.Tensor([1, 2, 1300, 12], DType.Float32, -1, 1).Tensor.Detach();
        Tensor bias = samples.Tensor([70, 1300], DType.Float32, -1, 1).Tensor.Detach();
        float[][] results = [.. Enumerable.Range(1, 4).Select(count =>
        {
            Workers.ThreadCount = count;
            Tensor[] gradients = Gradients([query, key, bias], () => Tensor.Attention(query, key, key, bias));
            return gradients.SelectMany(gradient => gradient.ToArray<float>()).ToArray();
        })];
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void OnlyGradientsThatAreWantedAreComputed()
    {
        Samples samples = new(10);
        Tensor[] inputs = [.. Enumerable.Range(0, 3).Select(_ => samples.Tensor([2, 6, 5], DType.Float64, -1, 1).Tensor.Detach())];
        double[][] all = [.. Gradients(inputs, () => Tensor.Attention(inputs[0], inputs[1], inputs[2])).Select(gradient => gradient.ToArray<double>())];
        for (int wanted = 0; wanted < inputs.Length; wanted++)
        {
            Array.ForEach(inputs, input => input.RequiresGrad = false);
            Tensor[] one = Gradients([inputs[wanted]], () => Tensor.Attention(inputs[0], inputs[1], inputs[2]));
            Assert.Equal(all[wanted], one[0].ToArray<double>());
        }
    }

    [Fact]
    public void WhatNobodySeesHasNoGradient()
    {
        Tensor query = Tensor.Ones((3, 2), DType.Float64);
        Tensor key = Tensor.Ones((2, 2), DType.Float64);
        Tensor value = Tensor.From<double>([1, 2, 3, 5], (2, 2));
        Tensor[] gradients = Gradients([query, key, value], () => Tensor.Attention(query, key, value, Tensor.Zeros((3, 2), DType.Bool)));
        Assert.All(gradients, gradient => Assert.All(gradient.ToArray<double>(), element => Assert.Equal(0, element)));
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void GradientsHaveTheTypesOfTheirTensors(DType dtype)
    {
        Tensor[] inputs = [.. Enumerable.Range(1, 3).Select(seed => Tensor.Random((ulong)seed).Normal((2, 5, 4)).To(dtype).Realize().Detach())];
        Tensor[] gradients = Gradients(inputs, () => Tensor.Attention(inputs[0], inputs[1], inputs[2], isCausal: true));
        Assert.All(gradients, gradient => Assert.Equal(dtype, gradient.DType));
        Assert.All(gradients, gradient => Assert.Contains(gradient.To(DType.Float64).ToArray<double>(), element => element != 0));
    }

    private static Tensor[] Gradients(Tensor[] inputs, Func<Tensor> function)
    {
        foreach (Tensor input in inputs)
        {
            input.RequiresGrad = true;
        }

        Tensor result = function();
        Tensor weights = Tensor.Random(99).Uniform(result.Shape, -1, 1, DType.Float64);
        return Tensor.GradientsOf((result.To(DType.Float64) * weights).Sum(), inputs);
    }

    private static void Check(AttentionCase one)
    {
        if (one.Mask is { } mask && mask.Tensor.DType != DType.Bool)
        {
            GradientCheck.Run(
                inputs => Tensor.Attention(inputs[0], inputs[1], inputs[2], inputs[3], one.IsCausal, one.Scale), one.Query, one.Key, one.Value, mask);
        }
        else
        {
            GradientCheck.Run(
                inputs => Tensor.Attention(inputs[0], inputs[1], inputs[2], one.Mask?.Tensor, one.IsCausal, one.Scale), one.Query, one.Key, one.Value);
        }
    }
}
