namespace TensorCell.Interactive;

/// <summary>A range of numbers and the colours that stand for it.</summary>
internal sealed record ColorScale(double Low, double High, string[] Colors)
{
    /// <summary>What it has no colour for, if there is such.</summary>
    public string? OffScale { get; init; }

    /// <summary>The scale over the finite values; around zero when it diverges.</summary>
    public static ColorScale Of(ReadOnlySpan<double> values, bool diverging)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in values)
        {
            if (double.IsFinite(value))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        (low, high) = low > high ? (0, 1) : (Math.Max(low, -1e300), Math.Min(high, 1e300));
        if (diverging)
        {
            high = Math.Max(Math.Abs(low), Math.Abs(high));
            low = -high;
        }

        if (!(high > low))
        {
            high = low + Math.Max(Math.Abs(low) * 1e-3, 1);
        }

        return new ColorScale(low, high, diverging ? Palette.Diverging : Palette.Sequential);
    }

    /// <summary>The colour of a number.</summary>
    public string At(double value) => Palette.At(Colors, (value - Low) / (High - Low));
}
