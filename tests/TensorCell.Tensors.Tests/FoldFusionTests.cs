using TensorCell.Kernels;
using TensorCell.Kernels.Passes;

namespace TensorCell.Tensors.Tests;

/// <summary>Operations on one shape and folds along some of its axes run together, and give what they give one by one.</summary>
[Collection(nameof(EngineSettings))]
public sealed class FoldFusionTests : IDisposable
{
    private readonly bool contraction = Optimizer.Contraction;
    private readonly int threads = Workers.ThreadCount;

    private static readonly Dictionary<string, Func<Tensor, Tensor, Axes, Func<Tensor, Tensor>, Tensor>> programs = new()
    {
        ["softmax"] = (x, _, axes, step) =>
        {
            Tensor exponentials = step((x - step(x.Max(axes, keepDims: true))).Exp());
            return exponentials / step(exponentials.Sum(axes, keepDims: true));
        },
        ["layer norm"] = (x, w, axes, step) =>
        {
            Tensor deviation = step(x - step(x.Mean(axes, keepDims: true)));
            Tensor variance = step(step(deviation * deviation).Mean(axes, keepDims: true));
            return (deviation * step((variance + 1e-5).ReciprocalSqrt()) * w) + w;
        },
        ["log of sum"] = (x, _, axes, step) =>
        {
            Tensor greatest = step(x.Max(axes, keepDims: true));
            return step(step((x - greatest).Exp()).Sum(axes, keepDims: true)).Log() + greatest;
        },
        ["sum of a sum"] = (x, w, axes, step) => step(step(x * w) - step(x.Mean(axes, keepDims: true))).Abs().Sum(axes),
        ["index of the least"] = (x, _, axes, step) => step(step(x - step(x.Min(axes, keepDims: true))) * 2).ArgMax(axes.Resolve("argmax", x.Shape)[^1]),
        ["two rows of folds"] = (x, w, axes, step) =>
        {
            Tensor once = step(x / step(x.Abs().Sum(axes, keepDims: true)));
            Tensor twice = step((once * w).Tanh());
            return twice - step(twice.Max(axes, keepDims: true)) + step(twice.Min(axes, keepDims: true));
        },
        ["narrow"] = (x, _, axes, step) => step(x - step(x.Max(axes, keepDims: true)).To(DType.Float16)).To(DType.Float16) * 2,
        ["a condition"] = (x, w, axes, step) => Tensor.Where(step(x > step(x.Mean(axes, keepDims: true))), x, w),
        ["softmax gradient"] = (x, w, axes, step) =>
        {
            Tensor y = step(x.Sigmoid());
            return y * step(w - step(step(w * y).Sum(axes, keepDims: true)));
        },
    };

    // A product and a sum are rounded once where they meet in one kernel.
    public FoldFusionTests() => Optimizer.Contraction = false;

    public static TheoryData<string> Programs => [.. programs.Keys];

    public void Dispose()
    {
        Optimizer.Contraction = contraction;
        Workers.ThreadCount = threads;
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void GivesTheSameBitsAsItsStepsOneByOne(string name)
    {
        Samples samples = new(name.Length);
        int[] lengths = [2, 3, 16, 17, 64, 100, 255, 512, 1000, 2048, 2500];
        for (int trial = 0; trial < 24; trial++)
        {
            DType type = samples.Random.Next(3) == 0 ? DType.Float64 : DType.Float32;
            bool isDeep = samples.Random.Next(3) == 0;
            int length = lengths[samples.Random.Next(lengths.Length)];
            int rows = samples.Random.Next(2, 40);
            int[] shape = isDeep ? [rows, 3, length] : samples.Random.Next(2) == 0 ? [2, rows, length] : [rows, length];
            Axes axes = isDeep && name != "index of the least" ? new[] { 1, 2 } : -1;
            Sample x = samples.Tensor(shape, type, -3, 3);
            Sample w = samples.Tensor([length], type, -1, 1);
            Tensor together = programs[name](x.Tensor, w.Tensor, axes, tensor => tensor);
            Tensor oneByOne = programs[name](x.Tensor, w.Tensor, axes, tensor => tensor.Realize());
            Assert.Equal(oneByOne.Shape, together.Shape);
            Assert.Equal(oneByOne.DType, together.DType);
            Assert.Equal(oneByOne.To(DType.Float64).ToArray<double>(), together.To(DType.Float64).ToArray<double>());
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void GivesTheSameBitsAlongAnyAxesOnAnyNumberOfThreads(string name)
    {
        Samples samples = new(name.Length);
        (int[] Shape, int[] Axes)[] cases =
        [
            ([37, 80], [0]), ([300, 17], [0]), ([2, 5], [0]), ([700, 3], [0]), ([260, 144], [0]), ([64, 1000], [0]),
            ([3, 40, 70], [1]), ([5, 300, 2], [1]), ([4, 1, 33], [0]),
            ([6, 5, 50], [0, 2]), ([3, 4, 7, 9], [0, 2, 3]), ([8, 3, 16, 16], [0, 2, 3]), ([4, 6, 5, 64], [1, 2]), ([2, 3, 8, 20], [1, 2, 3]),
            ([5, 4, 3, 2], [0, 2]), ([33, 2, 31], [1, 2]),
        ];
        foreach ((int[] shape, int[] axes) in cases)
        {
            DType type = samples.Random.Next(3) == 0 ? DType.Float64 : DType.Float32;
            Sample x = samples.Tensor(shape, type, -3, 3);
            int[] parameters = [.. shape.Select((length, axis) => axis == 0 || samples.Random.Next(3) == 0 ? 1 : length)];
            Sample w = samples.Tensor(parameters, type, -1, 1);
            Workers.ThreadCount = 1;
            double[] oneByOne = programs[name](x.Tensor, w.Tensor, axes, tensor => tensor.Realize()).To(DType.Float64).ToArray<double>();
            foreach (int count in (int[])[1, 3])
            {
                Workers.ThreadCount = count;
                Assert.Equal(oneByOne, programs[name](x.Tensor, w.Tensor, axes, tensor => tensor).To(DType.Float64).ToArray<double>());
            }
        }
    }

    [Fact]
    public void NormalisationsOfAnyKindAreOnePipeline()
    {
        Tensor x = Tensor.Random(1).Normal((8, 12, 6, 6)).Realize();
        Tensor w = Tensor.Random(2).Normal(12).Realize();
        Tensor flat = x.Reshape(96, 36);
        Tensor v = Tensor.Random(2).Normal(36).Realize();
        foreach (Tensor result in (Tensor[])[x.BatchNorm(w, w), x.GroupNorm(3, w, w), flat.BatchNorm(v, v), flat.LayerNorm(v, v), flat.Softmax(0), flat.Var(0)])
        {
            Assert.All(LaunchPlan.Of(result).Steps, step => Assert.Equal(0, step.Pipeline));
        }
    }

    [Fact]
    public void RunsInOnePipeline()
    {
        Tensor x = Tensor.Random(1).Normal((64, 300)).Realize();
        LaunchPlan plan = LaunchPlan.Of(x.Softmax());
        Assert.All(plan.Steps, step => Assert.Equal(0, step.Pipeline));
        Assert.Equal(["max", "subtract exp sum", "divide"], plan.Steps.Select(step => step.Name));
        Assert.Equal(2, LaunchPlan.Of(x.LogSumExp()).Steps.Count(step => step.Operations.Contains("sum") || step.Operations.Contains("max")));
        Assert.Null(LaunchPlan.Of(x.Sum(-1)).Steps.Single().Pipeline);
    }

    [Fact]
    public void WhatIsReadAgainIsNotComputedAgain()
    {
        Tensor x = Tensor.Random(1).Normal((64, 300)).Realize();
        Tensor mean = x.Mean(-1, keepDims: true);
        Tensor centred = x - mean;
        centred.Realize();
        Assert.False(mean.IsPending);
        Tensor exponentials = (x - x.Max(-1, keepDims: true)).Exp();
        Tensor softmax = exponentials / exponentials.Sum(-1, keepDims: true);
        softmax.Realize();
        Assert.True(exponentials.IsPending);
        exponentials.Realize();
        Assert.Equal(softmax.ToArray<float>(), (exponentials / exponentials.Sum(-1, keepDims: true)).ToArray<float>());
    }

    [Fact]
    public void RowsOfOneElementAndEmptyOnes()
    {
        Assert.Equal([1f, 1, 1], Tensor.Ones((3, 1)).Softmax().ToArray<float>());
        Assert.Empty(Tensor.Ones((0, 5)).Softmax().ToArray<float>());
        Assert.Equal([1f], Tensor.Ones(1).Softmax().ToArray<float>());
    }

    [Fact]
    public void ALongRowIsStillOneSoftmax()
    {
        Tensor x = Tensor.Random(3).Normal((2, 70_001), dtype: DType.Float64).Realize();
        double[] numbers = x.ToArray<double>();
        double[] softmax = x.Softmax().ToArray<double>();
        for (int row = 0; row < 2; row++)
        {
            double sum = numbers.Skip(row * 70_001).Take(70_001).Sum(Math.Exp);
            Assert.Equal(Math.Exp(numbers[(row * 70_001) + 7]) / sum, softmax[(row * 70_001) + 7], 1e-12);
        }
    }

    [Fact]
    public void SharedPartsOfSeveralResultsAreStoredOnce()
    {
        Tensor x = Tensor.Random(1).Normal((32, 200)).Realize();
        Tensor softmax = x.Softmax();
        Tensor entropy = -(softmax * softmax.Log()).Sum(-1);
        Tensor.RealizeAll(softmax, entropy);
        Assert.Equal(entropy.ToArray<float>(), (-(softmax * softmax.Log()).Sum(-1)).ToArray<float>());
    }
}
