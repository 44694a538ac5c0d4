using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Interactive.Tests.Benchmarks;

public class BootstrapTests
{
    private const int Trials = 400;

    /// <summary>Times are skewed to the right; the median of exp(s z), z normal, is 1.</summary>
    private static double[] Times(Random random, int count, double spread) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Exp(spread * Normal(random)))];

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Coverage(Func<Random, bool> covers)
    {
        var random = new Random(7);
        return Enumerable.Range(0, Trials).Count(_ => covers(random)) / (double)Trials;
    }

    // With 400 trials the standard error of a coverage near 0.95 is 0.011; percentile intervals of medians cover a little over or under
    // 0.95 for small samples, since the median of a draw takes few values.
    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(100)]
    public void The_interval_of_the_median_covers_it(int count) =>
        Assert.InRange(Coverage(random => Bootstrap.OfMedian([.. Times(random, count, 0.3).Order()]).Contains(1)), 0.91, 0.99);

    [Fact]
    public void The_interval_of_a_ratio_covers_it() =>
        Assert.InRange(
            Coverage(random => Bootstrap.OfMedianRatio(
                [.. Times(random, 30, 0.3).Select(time => 2 * time).Order()], [.. Times(random, 20, 0.2).Order()]).Contains(2)),
            0.92,
            0.99);

    [Fact]
    public void The_interval_of_a_paired_ratio_covers_it() =>
        Assert.InRange(
            Coverage(random => Bootstrap.OfPairedMedianRatio(
                [.. Times(random, 40, 0.2).Select(time => 3 * time)], Times(random, 40, 0.2)).Contains(3)),
            0.92,
            0.99);

    [Fact]
    public void Pairs_cancel_what_slows_both_down()
    {
        var random = new Random(3);
        double[] drift = [.. Enumerable.Range(0, 60).Select(round => 1 + (round / 60.0))];
        double[] slower = [.. drift.Select(factor => 2 * factor * Math.Exp(0.01 * Normal(random)))];
        double[] faster = [.. drift.Select(factor => factor * Math.Exp(0.01 * Normal(random)))];
        var paired = Bootstrap.OfPairedMedianRatio(slower, faster);
        var unpaired = Bootstrap.OfMedianRatio([.. slower.Order()], [.. faster.Order()]);
        Assert.True(paired.Contains(2));
        Assert.True((paired.High - paired.Low) * 5 < unpaired.High - unpaired.Low);
    }

    [Fact]
    public void The_same_samples_give_the_same_interval()
    {
        double[] samples = [.. Times(new Random(1), 30, 0.5).Order()];
        Assert.Equal(Bootstrap.OfMedian(samples), Bootstrap.OfMedian(samples));
    }

    [Fact]
    public void Equal_samples_leave_nothing_uncertain()
    {
        Assert.Equal(new(2, 2, 0.95), Bootstrap.OfMedian([2, 2, 2, 2]));
        Assert.Equal(new(0.5, 0.5, 0.95), Bootstrap.OfPairedMedianRatio([1, 1, 1], [2, 2, 2]));
    }

    [Fact]
    public void Unequal_numbers_of_rounds_are_paired_as_far_as_they_go() =>
        Assert.Equal(new(2, 2, 0.95), Bootstrap.OfPairedMedianRatio([2, 2, 2, 50], [1, 1, 1]));
}
