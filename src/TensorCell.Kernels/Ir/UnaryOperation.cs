namespace TensorCell.Kernels.Ir;

/// <summary>An operation on one value.</summary>
public enum UnaryOperation : byte
{
    /// <summary>-x.</summary>
    Negate,

    /// <summary>|x|; the most negative integer stays itself.</summary>
    Abs,

    /// <summary>The complement of a Boolean or of every bit of an integer.</summary>
    Not,

    /// <summary>The correctly rounded square root.</summary>
    Sqrt,

    /// <summary>The greatest integral value not above x.</summary>
    Floor,

    /// <summary>The least integral value not below x.</summary>
    Ceiling,

    /// <summary>The integral part of x.</summary>
    Truncate,

    /// <summary>The nearest integral value, ties to even.</summary>
    Round,

    /// <summary>Of an integer: how many of its bits are set.</summary>
    PopCount,

    /// <summary>Of an integer: how many zero bits stand above its highest set bit; all of them for 0.</summary>
    LeadingZeroCount,

    /// <summary>Of an f32: the nearest value that an f16 holds, ties to even; its gradient is the result's.</summary>
    RoundToFloat16,

    /// <summary>Of an f32: the nearest value that a bf16 holds, ties to even; its gradient is the result's.</summary>
    RoundToBFloat16,

    // From here on: composed of the others, by the functions in Elementary/.

    /// <summary>-1, 0 or 1 by the sign of x; NaN for NaN.</summary>
    Sign,

    /// <summary>1/√x.</summary>
    ReciprocalSqrt,

    /// <summary>The cube root.</summary>
    Cbrt,

    /// <summary>eˣ.</summary>
    Exp,

    /// <summary>2ˣ.</summary>
    Exp2,

    /// <summary>eˣ - 1.</summary>
    ExpM1,

    /// <summary>The natural logarithm.</summary>
    Log,

    /// <summary>The logarithm to base 2.</summary>
    Log2,

    /// <summary>The logarithm to base 10.</summary>
    Log10,

    /// <summary>ln(1 + x).</summary>
    Log1P,

    /// <summary>The sine of an angle in radians.</summary>
    Sin,

    /// <summary>The cosine of an angle in radians.</summary>
    Cos,

    /// <summary>The tangent of an angle in radians.</summary>
    Tan,

    /// <summary>The inverse sine, in radians.</summary>
    Asin,

    /// <summary>The inverse cosine, in radians.</summary>
    Acos,

    /// <summary>The inverse tangent, in radians.</summary>
    Atan,

    /// <summary>The hyperbolic sine.</summary>
    Sinh,

    /// <summary>The hyperbolic cosine.</summary>
    Cosh,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>The inverse hyperbolic sine.</summary>
    Asinh,

    /// <summary>The inverse hyperbolic cosine.</summary>
    Acosh,

    /// <summary>The inverse hyperbolic tangent.</summary>
    Atanh,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>The error function.</summary>
    Erf,
}
