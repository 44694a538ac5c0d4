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
