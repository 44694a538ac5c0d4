using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

[Collection(nameof(EngineSettings))]
public sealed class OrderIndependenceTests
{
    [Fact]
    public void ResultsDoNotDependOnTheNumberOfThreads()
    {
        int threads = Workers.ThreadCount;
        try
        {
            Workers.ThreadCount = 1;
            double[][] alone = Results();
            foreach (int count in (int[])[2, 3, 7])
            {
                Workers.ThreadCount = count;
                foreach ((double[] one, double[] other) in alone.Zip(Results()))
                {
                    Assert.Equal(one, other);
                }
            }
        }
        finally
        {
            Workers.ThreadCount = threads;
        }
    }

    private static double[][] Results()
    {
        RandomStream random = Tensor.Random(12);
        Tensor x = random.Normal(150_000);
        Tensor weights = random.Uniform(150_000, dtype: DType.Float64);
        Tensor[] results =
        [
            x.CumSum(0), x.Reshape(50_000, 3).CumSum(0), x.LogCumSumExp(0), x.CumMax(0), (x * 0.01 + 1).Prod(),
            x.Sort(), x.ArgSort(), x.TopK(1000).Indices, x.TopK(30, sorted: false).Values, x.Unique(),
            x.Histogram(20, weights: weights).Counts, x.Round().UniqueAll().Inverse,
            random.Permutation(150_000), random.Gamma(5000, 2), random.Poisson(5000, 30), random.TruncatedNormal(5000),
            random.Normal(50_001, dtype: DType.Float64), random.Integers(50_001, 0, 1000), random.Categorical(weights[..100], 5000),
            random.Choice(1000, 50, false, weights[..1000]), random.Bernoulli(5000, 0.2),
        ];
        return [.. results.Select(result => result.To(DType.Float64).ToArray<double>())];
    }
}
