namespace TensorCell.Interactive;

/// <summary>An estimate of a sample's density.</summary>
internal static class Density
{
    private const int Places = 96;
    private const int MostValues = 1500;

    /// <summary>
    /// Gaussian kernel density at evenly spaced places with Silverman's bandwidth (1986), scaled so that its highest is 1. A large
    /// sample is represented by its quantiles. It reaches two bandwidths beyond the sample, but not over zero where no value does.
    /// </summary>
    public static (double Value, double Density)[] Of(ReadOnlySpan<double> values)
    {
        var sorted = Quantiles.SortedFinite(values);
        if (sorted.Length == 0)
        {
            return [];
        }

        if (sorted.Length > MostValues)
        {
            var all = sorted;
            sorted = [.. Enumerable.Range(0, MostValues).Select(i => Quantiles.At(all, i / (MostValues - 1.0)))];
        }

        var mean = sorted.Average(v => v / 2) * 2;
        var deviation = Math.Sqrt(sorted.Sum(v => (v - mean) * (v - mean)) / Math.Max(sorted.Length - 1, 1));
        var quartiles = (Quantiles.At(sorted, 0.75) - Quantiles.At(sorted, 0.25)) / 1.34;
        var bandwidth = 0.9 * (quartiles > 0 ? Math.Min(deviation, quartiles) : deviation) * Math.Pow(sorted.Length, -0.2);
        if (!(bandwidth > 0) || !double.IsFinite(bandwidth))
        {
            bandwidth = Math.Max(Math.Abs(sorted[0]) * 0.01, 1e-9);
        }

        var low = sorted[0] - (2 * bandwidth);
        var high = sorted[^1] + (2 * bandwidth);
        if (sorted[^1] > sorted[0])
        {
            low = sorted[0] < 0 ? low : Math.Max(low, 0);
            high = sorted[^1] > 0 ? high : Math.Min(high, 0);
        }

        var step = (high - low) / (Places - 1);
        var outline = new (double Value, double Density)[Places];
        double highest = 0;
        for (var i = 0; i < Places; i++)
        {
            var value = low + (i * step);
            double sum = 0;
            foreach (var sample in sorted)
            {
                var distance = (value - sample) / bandwidth;
                sum += Math.Exp(-0.5 * distance * distance);
            }

            outline[i] = (value, sum);
            highest = Math.Max(highest, sum);
        }

        for (var i = 0; i < Places; i++)
        {
            outline[i].Density = highest > 0 ? outline[i].Density / highest : 0;
        }

        return outline;
    }
}
