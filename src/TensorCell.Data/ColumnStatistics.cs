using TensorCell.Kernels;

namespace TensorCell.Data;

/// <summary>What describes a column of numbers, missing values apart.</summary>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="Deviation">The sample standard deviation (divided by one less than the count).</param>
/// <param name="Sorted">The values in ascending order.</param>
internal sealed record ColumnStatistics(double Mean, double Deviation, double[] Sorted)
{
    /// <exception cref="InvalidOperationException">The column holds text or dates.</exception>
    public static ColumnStatistics Of(Column column)
    {
        if (!column.Type.IsTensorElement)
        {
            throw Throw.NoTensorElement(column);
        }

        double[] values = Array.FindAll(column.ToArray<double>(), value => !double.IsNaN(value));
        Interruption.Check();
        double mean = 0;
        double squares = 0;
        for (int index = 0; index < values.Length; index++)
        {
            // Welford 1962: a running mean keeps the squares small.
            double difference = values[index] - mean;
            mean += difference / (index + 1);
            squares += difference * (values[index] - mean);
        }

        Array.Sort(values);
        Interruption.Check();
        return new ColumnStatistics(
            values.Length == 0 ? double.NaN : mean,
            values.Length < 2 ? double.NaN : Math.Sqrt(squares / (values.Length - 1)),
            values);
    }

    /// <summary>The value below which a share of the others lie, interpolated between neighbours.</summary>
    public double Quantile(double share)
    {
        if (Sorted.Length == 0)
        {
            return double.NaN;
        }

        double place = share * (Sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, Sorted.Length - 1);
        double part = place - below;
        return part == 0 ? Sorted[below] : Sorted[below] + (part * (Sorted[above] - Sorted[below]));
    }
}
