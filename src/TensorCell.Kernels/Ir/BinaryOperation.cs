namespace TensorCell.Kernels.Ir;

/// <summary>An operation on two values of one type.</summary>
public enum BinaryOperation : byte
{
    /// <summary>x + y; integers wrap.</summary>
    Add,

    /// <summary>x - y; integers wrap.</summary>
    Subtract,

    /// <summary>x · y; integers wrap.</summary>
    Multiply,

    /// <summary>x / y; of integers, truncated towards zero, and a zero divisor is an error.</summary>
    Divide,

    /// <summary>The remainder of the truncated division, with the sign of x, as C#'s <c>%</c>.</summary>
    Remainder,

    /// <summary>The lesser; NaN if either is NaN.</summary>
    Min,

    /// <summary>The greater; NaN if either is NaN.</summary>
    Max,

    /// <summary>Bits or Booleans: both.</summary>
    And,

    /// <summary>Bits or Booleans: either.</summary>
    Or,

    /// <summary>Bits or Booleans: exactly one.</summary>
    Xor,

    /// <summary>Bits of x moved up by y modulo the type's width.</summary>
    ShiftLeft,

    /// <summary>Bits of x moved down by y modulo the type's width, copying the sign.</summary>
    ShiftRight,

    /// <summary>Bits of x moved down by y modulo the type's width, filling with zeros.</summary>
    ShiftRightLogical,

    /// <summary>The quotient of integers taken as unsigned; a zero divisor is an error.</summary>
    DivideUnsigned,

    /// <summary>The remainder of integers taken as unsigned; a zero divisor is an error.</summary>
    RemainderUnsigned,

    /// <summary>The sine of x radians where |x| is beyond 2⁴⁹, of f32 beyond 2¹⁶, else y.</summary>
    SinOfHuge,

    /// <summary>The cosine of x radians where |x| is beyond 2⁴⁹, of f32 beyond 2¹⁶, else y.</summary>
    CosOfHuge,

    /// <summary>The tangent of x radians where |x| is beyond 2⁴⁹, of f32 beyond 2¹⁶, else y.</summary>
    TanOfHuge,

    // From here on: composed of the others, by the functions in Elementary/.

    /// <summary>x to the power y.</summary>
    Pow,

    /// <summary>The angle of the point (y, x), given as atan2(y, x), in radians.</summary>
    Atan2,

    /// <summary>√(x² + y²), without undue overflow.</summary>
    Hypot,
}
