using System.Runtime.Intrinsics;

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

    /// <inheritdoc/>
    public static Vector512<double> Combine(Vector512<double> earlier, Vector512<double> later)
    {
        Vector512<double> greater = Vector512.Max(earlier, later);
        Vector512<double> difference = Vector512.Min(earlier, later) - greater;
        Vector512<double> sum = greater + Vector512.Log(Vector512<double>.One + Vector512.Exp(difference));
        Vector512<double> keeps = Vector512.LessThan(difference, Vector512.Create(-40.0)) | Vector512.Equals(Vector512.Abs(greater), Vector512.Create(double.PositiveInfinity));
        return Vector512.ConditionalSelect(keeps, greater, sum);
    }
}
