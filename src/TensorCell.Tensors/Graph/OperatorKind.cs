namespace TensorCell.Tensors.Graph;

/// <summary>The kinds of <see cref="Operator"/>: those that kernels have, and those that this room makes of them.</summary>
internal enum OperatorKind : byte
{
    /// <summary>A <see cref="Kernels.Ir.UnaryOperation"/>.</summary>
    Unary,

    /// <summary>A <see cref="Kernels.Ir.BinaryOperation"/>.</summary>
    Binary,

    /// <summary>A <see cref="Kernels.Ir.Comparison"/>.</summary>
    Comparison,

    /// <summary>The value as the result's type.</summary>
    Convert,

    /// <summary>1/x.</summary>
    Reciprocal,

    /// <summary>Whether it is NaN.</summary>
    IsNaN,

    /// <summary>Whether it is neither infinite nor NaN.</summary>
    IsFinite,

    /// <summary>One of two values, by a condition.</summary>
    Select,

    /// <summary>A user's function.</summary>
    Custom,
}
