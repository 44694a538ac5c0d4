namespace TensorCell.Kernels.Ir;

/// <summary>A comparison of two values; with a NaN only <see cref="NotEqual"/> holds.</summary>
public enum Comparison : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>Comparisons in terms of others.</summary>
internal static class Comparisons
{
    extension(Comparison comparison)
    {
        /// <summary>What holds where it does not; of numbers that are not NaN.</summary>
        public Comparison Opposite => comparison switch
        {
            Comparison.Equal => Comparison.NotEqual,
            Comparison.NotEqual => Comparison.Equal,
            Comparison.Less => Comparison.GreaterOrEqual,
            Comparison.LessOrEqual => Comparison.Greater,
            Comparison.Greater => Comparison.LessOrEqual,
            _ => Comparison.Less,
        };
    }
}
