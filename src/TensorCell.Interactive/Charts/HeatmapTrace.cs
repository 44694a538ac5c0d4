namespace TensorCell.Interactive;

/// <summary>A matrix shown as coloured cells with a colour bar. Cells without a number, and infinite ones, are hatched, and a legend says which there are.</summary>
/// <param name="Values">The matrix in row-major order.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Columns">How many columns.</param>
public sealed record HeatmapTrace(ChartValues Values, int Rows, int Columns) : Trace
{
    /// <summary>What each column stands for; null counts from 0.</summary>
    public ChartValues? X { get; init; }

    /// <summary>What each row stands for; null counts from 0.</summary>
    public ChartValues? Y { get; init; }

    /// <summary>Whether colours diverge from zero (blue below, red above) rather than run from low to high.</summary>
    public bool Diverging { get; init; }

    /// <summary>What its cells hold that no colour stands for: <c>NaN</c>, <c>±∞</c> or both; null if all are finite.</summary>
    internal string? OffScale
    {
        get
        {
            bool hasNaN = false, hasInfinity = false;
            foreach (var value in Values.Numbers)
            {
                hasNaN |= double.IsNaN(value);
                hasInfinity |= double.IsInfinity(value);
            }

            return (hasNaN, hasInfinity) switch { (true, true) => "NaN, ±∞", (true, false) => "NaN", (false, true) => "±∞", _ => null };
        }
    }

    /// <summary>How many of the original columns one stands for, when blocks were averaged.</summary>
    internal double ColumnStride { get; init; } = 1;

    /// <summary>How many of the original rows one stands for, when blocks were averaged.</summary>
    internal double RowStride { get; init; } = 1;
}
