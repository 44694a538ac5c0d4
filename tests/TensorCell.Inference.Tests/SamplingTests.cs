using TensorCell.Tensors;

namespace TensorCell.Inference.Tests;

public sealed class SamplingTests
{
    private static readonly Tensor logits = Tensor.From([0.5f, 2f, float.NegativeInfinity, 1f, float.NaN]);

    [Fact]
    public void TemperatureZeroTakesTheLikeliest() => Assert.Equal(1, new Sampling { Temperature = 0 }.Next(logits));

    [Fact]
    public void FrequenciesFollowTheSoftmax()
    {
        var sampling = new Sampling(seed: 3) { Temperature = 0.8 };
        var counts = Draw(sampling, 20_000);
        var weights = new[] { 0.5, 2, double.NegativeInfinity, 1, double.NegativeInfinity }.Select(score => Math.Exp(score / 0.8)).ToArray();

        for (int token = 0; token < weights.Length; token++)
        {
            Assert.Equal(weights[token] / weights.Sum(), counts[token] / 20_000.0, 0.015);
        }
    }

    [Fact]
    public void TopKAndTopPCutTheTail()
    {
        Assert.Equal([1, 3], Support(new Sampling { TopK = 2 }));
        Assert.Equal([1], Support(new Sampling { TopP = 0.5 }));
        Assert.Equal([1, 3], Support(new Sampling { TopP = 0.8 }));
        Assert.Equal([0, 1, 3], Support(new Sampling { TopP = 1 }));
    }

    [Fact]
    public void ASeedRepeatsTheDraws() => Assert.Equal(Draw(new Sampling(seed: 9), 200), Draw(new Sampling(seed: 9), 200));

    [Fact]
    public void UselessLogitsAreRefused()
    {
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentException>(() => new Sampling().Next(Tensor.Zeros([2, 3]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Sampling().Next(Tensor.From([float.NaN])));
    }

    private static int[] Draw(Sampling sampling, int draws)
    {
        var counts = new int[(int)logits.Count];
        for (int draw = 0; draw < draws; draw++)
        {
            counts[sampling.Next(logits)]++;
        }

        return counts;
    }

    private static int[] Support(Sampling sampling) =>
        [.. Draw(sampling, 2000).Index().Where(entry => entry.Item > 0).Select(entry => entry.Index)];
}
