namespace TensorCell.Interactive;

/// <summary>Equally wide bins and how many values fall into each.</summary>
/// <param name="Start">The first bin's lower edge.</param>
/// <param name="Width">Each bin's width, above zero.</param>
/// <param name="Counts">How many values each bin holds.</param>
internal sealed record Bins(double Start, double Width, int[] Counts)
{
    private const int MostBins = 200;

    /// <summary>
    /// Counts the finite values. Without a wish for their number, the width is Freedman and Diaconis' (1981), rounded to a
    /// readable step.
    /// </summary>
    public static Bins Of(ReadOnlySpan<double> values, int? wanted = null)
    {
        var sorted = Quantiles.SortedFinite(values);
        if (sorted.Length == 0)
        {
            return new Bins(0, 1, []);
        }

        double low = sorted[0], high = sorted[^1];
        if (!(high > low) || !double.IsFinite(high - low))
        {
            var width = Math.Max(Math.Abs(low), 1) * 0.1;
            return double.IsFinite(high - low)
                ? new Bins(low - (width / 2), width, [sorted.Length])
                : OfLimits(sorted);
        }

        double step;
        double start;
        int count;
        if (wanted is { } bins)
        {
            count = Math.Clamp(bins, 1, MostBins);
            start = low;
            step = (high - low) / count;
        }
        else
        {
            var quartiles = Quantiles.At(sorted, 0.75) - Quantiles.At(sorted, 0.25);
            var ideal = quartiles > 0 ? 2 * quartiles / Math.Cbrt(sorted.Length) : (high - low) / Math.Sqrt(sorted.Length);
            step = Ticks.NiceStep(Math.Clamp(ideal, (high - low) / 100, (high - low) / 4));
            start = Math.Floor(low / step) * step;
            count = Math.Clamp((int)Math.Floor((high - start) / step) + 1, 1, MostBins);
        }

        if (!(step > 0) || !(start + step > start))
        {
            return new Bins(low, Math.Max(high - low, double.Epsilon), [sorted.Length]);
        }

        var counts = new int[count];
        foreach (var value in sorted)
        {
            counts[Math.Clamp((int)((value - start) / step), 0, count - 1)]++;
        }

        return new Bins(start, step, counts);
    }

    // The span from the lowest to the highest double is not finite itself, so the two halves are counted.
    private static Bins OfLimits(double[] sorted)
    {
        var below = sorted.Count(v => v < 0);
        return new Bins(-double.MaxValue / 2, double.MaxValue / 2, [below, sorted.Length - below]);
    }
}
