namespace TensorCell.Interactive.Benchmarks;

/// <summary>
/// Percentile bootstrap (Efron 1979) of medians: the samples are drawn anew with replacement many times, and the interval holds the middle
/// 95 % of what the draws give. The draws depend on nothing but the samples' number, so that a result can be reproduced.
/// </summary>
public static class Bootstrap
{
    /// <summary>The probability that the intervals are made for.</summary>
    public const double Level = 0.95;

    /// <summary>How often the samples are drawn anew.</summary>
    public const int Resamples = 2000;

    private const int Seed = 20261122;

    /// <summary>The interval of the median of sorted samples.</summary>
    public static ConfidenceInterval OfMedian(ReadOnlySpan<double> sorted)
    {
        var medians = Medians(sorted, new Random(Seed));
        Array.Sort(medians);
        return Middle(medians);
    }

    /// <summary>The interval of the ratio of two medians of sorted, independent samples.</summary>
    public static ConfidenceInterval OfMedianRatio(ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator)
    {
        var random = new Random(Seed);
        var ratios = Medians(numerator, random);
        var below = Medians(denominator, random);
        for (var i = 0; i < ratios.Length; i++)
        {
            ratios[i] /= below[i];
        }

        Array.Sort(ratios);
        return Middle(ratios);
    }

    /// <summary>
    /// The interval of the ratio of the medians of samples taken in pairs, one of each a round: whole rounds are drawn, so that what slowed
    /// both of a round down does not widen the interval.
    /// </summary>
    public static ConfidenceInterval OfPairedMedianRatio(ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator)
    {
        var rounds = Math.Min(numerator.Length, denominator.Length);
        if (rounds == 0)
        {
            return new(double.NaN, double.NaN, Level);
        }

        var (above, aboveRounds) = Sorted(numerator[..rounds]);
        var (below, belowRounds) = Sorted(denominator[..rounds]);
        var random = new Random(Seed);
        var drawn = new int[rounds];
        var counts = new int[rounds];
        var ratios = new double[Resamples];
        for (var resample = 0; resample < Resamples; resample++)
        {
            Draw(drawn, random);
            ratios[resample] = DrawnMedian(above, aboveRounds, drawn, counts) / DrawnMedian(below, belowRounds, drawn, counts);
        }

        Array.Sort(ratios);
        return Middle(ratios);
    }

    private static (double[] Values, int[] Rounds) Sorted(ReadOnlySpan<double> samples)
    {
        var values = samples.ToArray();
        var rounds = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort(values, rounds);
        return (values, rounds);
    }

    private static double DrawnMedian(double[] sorted, int[] rounds, int[] drawn, int[] counts)
    {
        for (var i = 0; i < rounds.Length; i++)
        {
            counts[i] = drawn[rounds[i]];
        }

        return Median(sorted, counts);
    }

    /// <summary>Draws as many rounds as there are, with replacement, and counts how often each was drawn.</summary>
    private static void Draw(int[] counts, Random random)
    {
        Array.Clear(counts);
        for (var draw = 0; draw < counts.Length; draw++)
        {
            counts[random.Next(counts.Length)]++;
        }
    }

    private static ConfidenceInterval Middle(double[] sorted) =>
        new(SampleStatistics.Quantile(sorted, (1 - Level) / 2), SampleStatistics.Quantile(sorted, (1 + Level) / 2), Level);

    private static double[] Medians(ReadOnlySpan<double> sorted, Random random)
    {
        var counts = new int[sorted.Length];
        var medians = new double[Resamples];
        for (var resample = 0; resample < Resamples; resample++)
        {
            Draw(counts, random);
            medians[resample] = Median(sorted, counts);
        }

        return medians;
    }

    private static double Median(ReadOnlySpan<double> sorted, int[] counts) =>
        (Ranked(sorted, counts, (counts.Length - 1) / 2) + Ranked(sorted, counts, counts.Length / 2)) / 2;

    /// <summary>The value of a rank among sorted samples that each occur <paramref name="counts"/> times.</summary>
    private static double Ranked(ReadOnlySpan<double> sorted, int[] counts, int rank)
    {
        var seen = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen > rank)
            {
                return sorted[i];
            }
        }

        return sorted[^1];
    }
}
