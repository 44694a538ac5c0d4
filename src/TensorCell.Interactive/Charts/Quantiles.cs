namespace TensorCell.Interactive;

/// <summary>Order statistics of a sample.</summary>
internal static class Quantiles
{
    /// <summary>The finite values in ascending order.</summary>
    public static double[] SortedFinite(ReadOnlySpan<double> values)
    {
        var finite = new double[values.Length];
        var count = 0;
        foreach (var value in values)
        {
            if (double.IsFinite(value))
            {
                finite[count++] = value;
            }
        }

        Array.Resize(ref finite, count);
        Array.Sort(finite);
        return finite;
    }

    /// <summary>The quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996); NaN for none.</summary>
    public static double At(ReadOnlySpan<double> sorted, double probability)
    {
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var position = probability * (sorted.Length - 1);
        var low = (int)position;
        var high = Math.Min(low + 1, sorted.Length - 1);
        var part = position - low;
        return (sorted[low] * (1 - part)) + (sorted[high] * part);
    }
}
