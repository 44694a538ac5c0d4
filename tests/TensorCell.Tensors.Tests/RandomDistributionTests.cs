using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class RandomDistributionTests
{
    private const int Count = 100_000;

    public static TheoryData<string> Names => [.. distributions.Keys];

    private static readonly Dictionary<string, (Func<RandomStream, Tensor> Draw, double Mean, double Variance)> distributions = new()
    {
        ["bernoulli"] = (random => random.Bernoulli(Count, 0.3), 0.3, 0.21),
        ["bernoulli of a tensor"] = (random => random.Bernoulli(Tensor.Full(Count, 0.3, DType.Float64)), 0.3, 0.21),
        ["exponential"] = (random => random.Exponential(Count, 2), 2, 4),
        ["exponential f64"] = (random => random.Exponential(Count, dtype: DType.Float64), 1, 1),
        ["gamma"] = (random => random.Gamma(Count, 3, 2), 6, 12),
        ["gamma below 1"] = (random => random.Gamma(Count, 0.4), 0.4, 0.4),
        ["beta"] = (random => random.Beta(Count, 2, 3), 0.4, 0.04),
        ["poisson"] = (random => random.Poisson(Count, 2.5), 2.5, 2.5),
        ["poisson of a great mean"] = (random => random.Poisson(Count, 1000), 1000, 1000),
        ["poisson above ten"] = (random => random.Poisson(Count, 12.5), 12.5, 12.5),
        ["truncated normal"] = (random => random.TruncatedNormal(Count), 0, 0.7737),
        ["truncated normal of a tail"] = (random => random.TruncatedNormal(Count, 1, 2, 5, 1e9), 5.7464, 0.4577),
        ["truncated normal of a short piece"] = (random => random.TruncatedNormal(Count, low: -0.5, high: 0.5), 0, 0.0809),
        ["truncated normal below"] = (random => random.TruncatedNormal(Count, low: -3, high: -2, dtype: DType.Float64), -2.3158, 0.0609),
        ["categorical"] = (random => random.Categorical(Tensor.From<double>([1, 0, 3]), Count), 1.5, 0.75),
        ["categorical of logits"] = (random => random.Categorical(Tensor.From([0f, float.NegativeInfinity, MathF.Log(3)]), Count, areLogits: true), 1.5, 0.75),
        ["choice"] = (random => random.Choice(11, Count), 5, 10),
        ["uniform"] = (random => random.Uniform(Count + 3, -1, 2, DType.Float64), 0.5, 0.75),
        ["normal"] = (random => random.Normal(Count + 5, 3, 2, DType.Float64), 3, 4),
        ["integers"] = (random => random.Integers(Count + 1, 0, 101), 50, 850),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void NumbersHaveTheirMeanAndVariance(string name)
    {
        var (draw, mean, variance) = distributions[name];
        double[] numbers = draw(Tensor.Random(5)).To(DType.Float64).ToArray<double>();
        Assert.All(numbers, number => Assert.True(double.IsFinite(number)));
        double found = numbers.Average();
        Assert.Equal(mean, found, 5 * Math.Sqrt(variance / numbers.Length));
        Assert.InRange(numbers.Average(number => Math.Pow(number - found, 2)) / variance, 0.95, 1.05);
        Assert.Equal(numbers, draw(Tensor.Random(5)).To(DType.Float64).ToArray<double>());
        Assert.NotEqual(numbers, draw(Tensor.Random(6)).To(DType.Float64).ToArray<double>());
    }

    [Fact]
    public void NumbersAreAsOftenAsTheyShouldBe()
    {
        double factorial = 1;
        double[] poisson = new double[12];
        for (int number = 0; number < poisson.Length; number++)
        {
            factorial *= Math.Max(number, 1);
            poisson[number] = Math.Exp(-3) * Math.Pow(3, number) / factorial;
        }

        AssertFrequencies(Tensor.Random(1).Poisson(Count, 3), poisson);
        double[] weights = [0.5, 0.1, 0, 0.25, 0.15];
        AssertFrequencies(Tensor.Random(2).Categorical(Tensor.From(weights) * 7, Count), weights);
        AssertFrequencies(Tensor.Random(3).Integers(Count, 0, 16), [.. Enumerable.Repeat(1 / 16.0, 16)]);
        AssertFrequencies((Tensor.Random(4).Beta(Count, 1, 1) * 20).To(DType.Int64), [.. Enumerable.Repeat(0.05, 20)]);
        Tensor cut = Tensor.Random(5).TruncatedNormal(Count, low: -1, high: 1.5, dtype: DType.Float64);
        AssertFrequencies(((cut + 1) * 2).To(DType.Int64), [0.149882, 0.191462, 0.191462, 0.149882, 0.091848], 0.774536);
    }

    [Fact]
    public void EveryOrderIsAsLikely()
    {
        RandomStream random = Tensor.Random(9);
        int[] counts = new int[24];
        for (int draw = 0; draw < 6000; draw++)
        {
            long[] order = random.Permutation(4).ToArray<long>();
            counts[(int)((order[0] * 6) + (order[1..].Count(other => other < order[1]) * 2) + (order[2] > order[3] ? 1 : 0))]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 170, 330));
    }

    [Fact]
    public void ALongPermutationHoldsEveryNumberOnceInNoOrder()
    {
        const int length = 200_003;
        long[] order = Tensor.Random(4).Permutation(length).ToArray<long>();
        Assert.Equal(Enumerable.Range(0, length).Select(number => (long)number), order.Order());
        Assert.InRange(order.Zip(Enumerable.Range(0, length)).Count(pair => pair.First == pair.Second), 0, 8);

        // Places and numbers do not go together: their correlation is that of chance.
        double middle = (length - 1) / 2.0;
        double covariance = order.Select((number, place) => (number - middle) * (place - middle)).Sum() / length;
        Assert.InRange(covariance / (((double)length * length - 1) / 12), -0.01, 0.01);
        int neighbours = order.Zip(order.Skip(1)).Count(pair => Math.Abs(pair.First - pair.Second) == 1);
        Assert.InRange(neighbours, 0, 12);
        int[] cells = new int[64];
        foreach ((long number, int place) in order.Zip(Enumerable.Range(0, length)))
        {
            cells[(place * 8L / length * 8) + (number * 8 / length)]++;
        }

        Assert.All(cells, count => Assert.InRange(count, (length / 64) - 300, (length / 64) + 300));
    }

    [Fact]
    public void ChoicesWithoutReplacementAreDifferent()
    {
        RandomStream random = Tensor.Random(3);
        foreach ((int number, int count) in (ReadOnlySpan<(int, int)>)[(10, 10), (1000, 20), (1_000_000_000, 1000), (5, 0)])
        {
            long[] chosen = random.Choice(number, count, replace: false).ToArray<long>();
            Assert.Equal(count, chosen.Distinct().Count());
            Assert.All(chosen, one => Assert.InRange(one, 0, number - 1));
        }

        int[] first = new int[3];
        for (int draw = 0; draw < 3000; draw++)
        {
            long[] chosen = random.Choice(4, 3, replace: false, Tensor.From<double>([1, 2, 0, 1])).ToArray<long>();
            Assert.Equal([0L, 1, 3], chosen.Order());
            first[chosen[0] == 3 ? 2 : chosen[0]]++;
        }

        Assert.InRange(first[1], 1400, 1600);
        Assert.InRange(first[0], 680, 820);
    }

    [Fact]
    public void PartsAreShuffledTogether()
    {
        Tensor x = Tensor.Arange(12).Reshape(4, 3);
        Tensor shuffled = Tensor.Random(2).Shuffle(x);
        Assert.Equal(x.Sum(1).Sort().ToArray<float>(), shuffled.Sum(1).Sort().ToArray<float>());
        Assert.NotEqual(x.ToArray<float>(), shuffled.ToArray<float>());
        Assert.Equal(x.Sum(0).Sort().ToArray<float>(), Tensor.Random(2).Shuffle(x, -1).Sum(0).Sort().ToArray<float>());
        Assert.Equal(Shape.Of(4, 2), Tensor.Random(2).Choice(x, 2, replace: false, axis: 1).Shape);
        Assert.Equal(Shape.Of(2, 5), Tensor.Random(2).Categorical(Tensor.Ones((2, 3)), 5).Shape);
    }

    [Fact]
    public void PlacesInTheSequenceAreTakenWhenAskedFor()
    {
        RandomStream one = Tensor.Random(1);
        RandomStream other = Tensor.Random(1);
        Tensor gamma = one.Gamma(10, 2);
        Tensor normal = one.Normal(10);
        Assert.Equal(other.Gamma(10, 2).ToArray<float>(), gamma.ToArray<float>());
        Tensor otherNormal = other.Normal(10);
        float[] numbers = normal.ToArray<float>();
        Assert.Equal(otherNormal.ToArray<float>(), numbers);
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        RandomStream random = Tensor.Random(1);
        Assert.Contains("bernoulli: probability 1.5", Assert.Throws<ArgumentException>(() => random.Bernoulli(3, 1.5)).Message);
        Assert.Contains("of which some are negative", Assert.Throws<ArgumentException>(() => random.Categorical(Tensor.From<double>([1, -1]), 3)).Message);
        Assert.Contains("all of a line zero", Assert.Throws<ArgumentException>(() => random.Categorical(Tensor.Zeros(3), 3)).Message);
        Assert.Contains("needs [..., categories]", Assert.Throws<ArgumentException>(() => random.Categorical(1.0, 3)).Message);
        Assert.Contains("choice: 4 of 3, none twice", Assert.Throws<ArgumentException>(() => random.Choice(3, 4, replace: false)).Message);
        Assert.Contains("too few above 0", Assert.Throws<ArgumentException>(() => random.Choice(3, 2, false, Tensor.From<double>([1, 0, 0]))).Message);
        Assert.Contains("weights of shape [2]", Assert.Throws<ArgumentException>(() => random.Choice(3, 2, weights: Tensor.Ones(2))).Message);
        Assert.Contains("gamma: [2] with [3] do not broadcast", Assert.Throws<ArgumentException>(() => random.Gamma(3, Tensor.Ones(2))).Message);
        Assert.Contains("truncatednormal", Assert.Throws<ArgumentException>(() => random.TruncatedNormal(3, low: 2, high: 1)).Message);
        Assert.Contains("f16 is not offered", Assert.Throws<ArgumentException>(() => random.Gamma(3, 1, dtype: DType.Float16)).Message);
    }

    /// <summary>Pearson's chi-square test, at about one in ten thousand.</summary>
    private static void AssertFrequencies(Tensor numbers, double[] probabilities, double total = 1)
    {
        long[] counts = numbers.BinCount(minimumLength: probabilities.Length).ToArray<long>();
        double statistic = 0;
        int cells = 0;
        for (int number = 0; number < probabilities.Length; number++)
        {
            double expected = Count * probabilities[number] / total;
            if (expected < 5)
            {
                Assert.InRange(counts[number], 0, 40 * expected);
                continue;
            }

            statistic += Math.Pow(counts[number] - expected, 2) / expected;
            cells++;
        }

        double freedom = cells - 1;
        Assert.InRange(statistic, 0, freedom + (4.5 * Math.Sqrt(2 * freedom)) + 6);
    }
}
