namespace TensorCell.Kernels.Tests.Elementary;

/// <summary>A reference value, <paramref name="Value"/> · 2^<paramref name="Exponent"/>, beyond the range of doubles, too.</summary>
internal readonly record struct ExactValue(DoubleDouble Value, int Exponent = 0)
{
    public static implicit operator ExactValue(DoubleDouble value) => new(value);

    public static implicit operator ExactValue(double value) => new(value);

    /// <summary>How far a double lies from the value, in units of its last place; zeros of the other sign lie infinitely far.</summary>
    public double UlpTo(double computed)
    {
        var (high, low) = Value;
        if (double.IsNaN(high) || double.IsNaN(computed))
        {
            return double.IsNaN(high) && double.IsNaN(computed) ? 0 : double.PositiveInfinity;
        }

        if (computed == 0 && double.IsNegative(computed) != double.IsNegative(high))
        {
            return double.PositiveInfinity;
        }

        if (high == 0 || double.IsInfinity(high))
        {
            return computed == high ? 0 : double.PositiveInfinity;
        }

        var place = Math.Clamp(Math.ILogB(high) + Exponent - 52, -1074, 971);
        if (double.IsInfinity(computed))
        {
            // From the greatest double to infinity is a step like any other.
            var step = Math.ScaleB(1, 1024 - place);
            return Math.Sign(computed) != Math.Sign(high) ? double.PositiveInfinity
                : Math.Max(0, step - Math.Abs(Math.ScaleB(high, Exponent - place)));
        }

        return Math.Abs(Math.ScaleB(computed, -place) - Math.ScaleB(high, Exponent - place) - Math.ScaleB(low, Exponent - place));
    }
}
