namespace TensorCell.Interactive;

/// <summary>The five numbers of a box plot with Tukey's fences.</summary>
/// <param name="LowerFence">The least value within 1.5 interquartile ranges of the first quartile.</param>
/// <param name="FirstQuartile">The first quartile.</param>
/// <param name="Median">The median.</param>
/// <param name="ThirdQuartile">The third quartile.</param>
/// <param name="UpperFence">The greatest value within 1.5 interquartile ranges of the third quartile.</param>
/// <param name="Outliers">The values beyond the fences, ascending.</param>
internal sealed record BoxSummary(
    double LowerFence, double FirstQuartile, double Median, double ThirdQuartile, double UpperFence, double[] Outliers)
{
    /// <summary>The summary of the finite values; null when there are none.</summary>
    public static BoxSummary? Of(ReadOnlySpan<double> values)
    {
        var sorted = Quantiles.SortedFinite(values);
        if (sorted.Length == 0)
        {
            return null;
        }

        double first = Quantiles.At(sorted, 0.25), third = Quantiles.At(sorted, 0.75), reach = 1.5 * (third - first);
        var within = sorted.Where(v => v >= first - reach && v <= third + reach).DefaultIfEmpty(first).ToArray();
        return new BoxSummary(
            Math.Min(within[0], first),
            first,
            Quantiles.At(sorted, 0.5),
            third,
            Math.Max(within[^1], third),
            [.. sorted.Where(v => v < first - reach || v > third + reach)]);
    }
}
