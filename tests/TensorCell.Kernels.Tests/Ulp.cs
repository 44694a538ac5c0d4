namespace TensorCell.Kernels.Tests;

/// <summary>How far computed values lie from a double-precision reference, in units of the last place.</summary>
internal static class Ulp
{
    /// <summary>The distance of a float from the reference, in ulp of the float nearest to the reference.</summary>
    public static double Of(float computed, double reference)
    {
        var rounded = (float)reference;
        if (float.IsNaN(rounded) || float.IsInfinity(rounded) || float.IsNaN(computed) || float.IsInfinity(computed))
        {
            return float.IsNaN(rounded) && float.IsNaN(computed) || rounded == computed ? 0
                : float.IsInfinity(computed) || float.IsInfinity(rounded) ? InfinityDistance(computed, reference) : double.PositiveInfinity;
        }

        var ulp = Math.Max((double)MathF.BitIncrement(MathF.Abs(rounded)) - MathF.Abs(rounded), float.Epsilon);
        return Math.Abs(computed - reference) / (double.IsInfinity(ulp) ? Math.ScaleB(1, 104) : ulp);
    }

    /// <summary>The distance of a double from the reference, in ulp of the reference.</summary>
    public static double Of(double computed, double reference)
    {
        if (!double.IsFinite(reference) || !double.IsFinite(computed))
        {
            return double.IsNaN(reference) && double.IsNaN(computed) || reference == computed ? 0
                : double.IsNaN(reference) || double.IsNaN(computed) ? double.PositiveInfinity
                : Math.Abs(BitConverter.DoubleToInt64Bits(computed) - BitConverter.DoubleToInt64Bits(reference));
        }

        var ulp = Math.Max(Math.BitIncrement(Math.Abs(reference)) - Math.Abs(reference), double.Epsilon);
        return double.IsInfinity(ulp) ? Math.Abs(computed - reference) / Math.ScaleB(1, 971) : Math.Abs(computed - reference) / ulp;
    }

    // The step from the greatest float to infinity counts like any other.
    private static double InfinityDistance(float computed, double reference) =>
        Math.Sign(computed) == Math.Sign(reference)
            ? Math.Abs(BitConverter.SingleToInt32Bits(computed) - (double)BitConverter.SingleToInt32Bits((float)reference))
            : double.PositiveInfinity;
}
