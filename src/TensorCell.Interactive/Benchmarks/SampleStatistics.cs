namespace TensorCell.Interactive.Benchmarks;

/// <summary>What a set of samples says.</summary>
/// <param name="Count">How many samples there are.</param>
/// <param name="Minimum">The least.</param>
/// <param name="LowerQuartile">A quarter of the samples are at most this (Hyndman and Fan 1996, definition 7).</param>
/// <param name="Median">Half of them are at most this.</param>
/// <param name="UpperQuartile">Three quarters of them are at most this.</param>
/// <param name="Maximum">The greatest.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Their standard deviation, with n - 1 in the denominator.</param>
/// <param name="MedianInterval">The 95 % bootstrap confidence interval of the median.</param>
/// <param name="Outliers">How many lie more than 1.5 interquartile ranges outside the quartiles (Tukey's fences).</param>
public sealed record SampleStatistics(
    int Count,
    double Minimum,
    double LowerQuartile,
    double Median,
    double UpperQuartile,
    double Maximum,
    double Mean,
    double StandardDeviation,
    ConfidenceInterval MedianInterval,
    int Outliers)
{
    /// <summary>The interquartile range.</summary>
    public double InterquartileRange => UpperQuartile - LowerQuartile;

    /// <summary>The statistics of some samples; of none, every number is not-a-number.</summary>
    public static SampleStatistics Of(IReadOnlyList<double> samples)
    {
        if (samples.Count == 0)
        {
            const double none = double.NaN;
            return new(0, none, none, none, none, none, none, none, new(none, none, Bootstrap.Level), 0);
        }

        var sorted = samples.ToArray();
        Array.Sort(sorted);
        var mean = sorted.Average();
        var deviation = sorted.Length > 1
            ? Math.Sqrt(sorted.Sum(sample => (sample - mean) * (sample - mean)) / (sorted.Length - 1))
            : 0;
        var (lower, upper) = (Quantile(sorted, 0.25), Quantile(sorted, 0.75));
        var fence = 1.5 * (upper - lower);
        return new(
            sorted.Length,
            sorted[0],
            lower,
            Quantile(sorted, 0.5),
            upper,
            sorted[^1],
            mean,
            deviation,
            Bootstrap.OfMedian(sorted),
            sorted.Count(sample => sample < lower - fence || sample > upper + fence));
    }

    /// <summary>The value that a share of sorted samples lies below, interpolated linearly between neighbours.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
