using FsCheck;
using FsCheck.Fluent;
using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Interactive.Tests.Benchmarks;

public class SampleStatisticsTests
{
    [Fact]
    public void Agrees_with_closed_forms()
    {
        // 1..9: quartiles at ranks 3 and 7 by definition 7, variance n(n + 1)/12 with n = 9.
        var statistics = SampleStatistics.Of([9, 1, 8, 2, 7, 3, 6, 4, 5]);
        Assert.Equal((1, 3, 5, 7, 9, 5), (statistics.Minimum, statistics.LowerQuartile, statistics.Median, statistics.UpperQuartile, statistics.Maximum, statistics.Mean));
        Assert.Equal(4, statistics.InterquartileRange);
        Assert.Equal(Math.Sqrt(7.5), statistics.StandardDeviation, 12);
        Assert.Equal((9, 0), (statistics.Count, statistics.Outliers));
    }

    [Fact]
    public void An_even_number_has_its_median_between() => Assert.Equal(2.5, SampleStatistics.Of([4, 1, 3, 2]).Median);

    [Fact]
    public void One_sample_is_all_there_is()
    {
        var statistics = SampleStatistics.Of([3]);
        Assert.Equal((3, 3, 3, 0.0), (statistics.Minimum, statistics.Median, statistics.Maximum, statistics.StandardDeviation));
        Assert.Equal(new(3, 3, 0.95), statistics.MedianInterval);
    }

    [Fact]
    public void No_samples_give_no_numbers()
    {
        var statistics = SampleStatistics.Of([]);
        Assert.Equal(0, statistics.Count);
        Assert.Equal(double.NaN, statistics.Median);
        Assert.Equal(double.NaN, statistics.MedianInterval.Low);
    }

    [Fact]
    public void Outliers_lie_beyond_the_fences() =>
        Assert.Equal(2, SampleStatistics.Of([.. Enumerable.Range(1, 9).Select(value => (double)value), 50, 100]).Outliers);

    [Fact]
    public void Scaling_the_samples_scales_everything()
    {
        var samples = Gen.Choose(1, 1000).Select(value => (double)value).NonEmptyListOf().ToArbitrary();
        Prop.ForAll(samples, list =>
        {
            var (once, twice) = (SampleStatistics.Of([.. list]), SampleStatistics.Of([.. list.Select(value => 2 * value)]));
            return twice.Median == 2 * once.Median
                && twice.LowerQuartile == 2 * once.LowerQuartile
                && twice.MedianInterval.Low == 2 * once.MedianInterval.Low
                && twice.MedianInterval.High == 2 * once.MedianInterval.High
                && twice.Outliers == once.Outliers
                && once.MedianInterval.Contains(once.Median)
                && once.Minimum <= once.LowerQuartile && once.LowerQuartile <= once.Median && once.Median <= once.UpperQuartile;
        }).QuickCheckThrowOnFailure();
    }
}
