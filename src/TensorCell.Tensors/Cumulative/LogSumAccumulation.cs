namespace TensorCell.Tensors.Cumulative;

/// <summary>Totals are logarithms of sums, which are added without overflow.</summary>
internal readonly struct LogSumAccumulation : IAccumulation<double>
{
    /// <inheritdoc/>
    public static double Identity => double.NegativeInfinity;

    /// <inheritdoc/>
    public static double Combine(double earlier, double later)
    {
        double greater = Math.Max(earlier, later);
        double difference = Math.Min(earlier, later) - greater;

        // Two equal infinities have no difference; the exponential of one far below 2⁻⁵³ changes nothing.
        return double.IsInfinity(greater) || difference < -40 ? greater : greater + Math.Log(1 + Math.Exp(difference));
    }
}
