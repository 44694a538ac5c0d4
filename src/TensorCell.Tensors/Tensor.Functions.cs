using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Functions of each element. Integer tensors become f64 where the function is not one on integers.
public sealed partial class Tensor
{
    /// <summary>|x|.</summary>
    public Tensor Abs() => Unary(Operator.Abs, this);

    /// <summary>-1, 0 or 1 by the sign; NaN for NaN.</summary>
    public Tensor Sign() => Unary(Operator.Sign, this);

    /// <summary>The square root.</summary>
    public Tensor Sqrt() => Unary(Operator.Sqrt, this);

    /// <summary>1/√x.</summary>
    public Tensor ReciprocalSqrt() => Unary(Operator.ReciprocalSqrt, this);

    /// <summary>1/x.</summary>
    public Tensor Reciprocal() => Unary(Operator.Reciprocal, this);

    /// <summary>The cube root.</summary>
    public Tensor Cbrt() => Unary(Operator.Cbrt, this);

    /// <summary>x².</summary>
    public Tensor Square() => Binary(Operator.Multiply, this, this);

    /// <summary>eˣ.</summary>
    public Tensor Exp() => Unary(Operator.Exp, this);

    /// <summary>2ˣ.</summary>
    public Tensor Exp2() => Unary(Operator.Exp2, this);

    /// <summary>eˣ - 1, exact near 0.</summary>
    public Tensor ExpM1() => Unary(Operator.ExpM1, this);

    /// <summary>The natural logarithm.</summary>
    public Tensor Log() => Unary(Operator.Log, this);

    /// <summary>The logarithm to base 2.</summary>
    public Tensor Log2() => Unary(Operator.Log2, this);

    /// <summary>The logarithm to base 10.</summary>
    public Tensor Log10() => Unary(Operator.Log10, this);

    /// <summary>ln(1 + x), exact near 0.</summary>
    public Tensor Log1P() => Unary(Operator.Log1P, this);

    /// <summary>The sine, of radians.</summary>
    public Tensor Sin() => Unary(Operator.Sin, this);

    /// <summary>The cosine, of radians.</summary>
    public Tensor Cos() => Unary(Operator.Cos, this);

    /// <summary>The tangent, of radians.</summary>
    public Tensor Tan() => Unary(Operator.Tan, this);

    /// <summary>The inverse sine, in radians.</summary>
    public Tensor Asin() => Unary(Operator.Asin, this);

    /// <summary>The inverse cosine, in radians.</summary>
    public Tensor Acos() => Unary(Operator.Acos, this);

    /// <summary>The inverse tangent, in radians.</summary>
    public Tensor Atan() => Unary(Operator.Atan, this);

    /// <summary>The hyperbolic sine.</summary>
    public Tensor Sinh() => Unary(Operator.Sinh, this);

    /// <summary>The hyperbolic cosine.</summary>
    public Tensor Cosh() => Unary(Operator.Cosh, this);

    /// <summary>The hyperbolic tangent.</summary>
    public Tensor Tanh() => Unary(Operator.Tanh, this);

    /// <summary>The inverse hyperbolic sine.</summary>
    public Tensor Asinh() => Unary(Operator.Asinh, this);

    /// <summary>The inverse hyperbolic cosine.</summary>
    public Tensor Acosh() => Unary(Operator.Acosh, this);

    /// <summary>The inverse hyperbolic tangent.</summary>
    public Tensor Atanh() => Unary(Operator.Atanh, this);

    /// <summary>The error function.</summary>
    public Tensor Erf() => Unary(Operator.Erf, this);

    /// <summary>The greatest integral value not above x.</summary>
    public Tensor Floor() => DType.IsFloatingPoint ? Unary(Operator.Floor, this) : this;

    /// <summary>The least integral value not below x.</summary>
    public Tensor Ceiling() => DType.IsFloatingPoint ? Unary(Operator.Ceiling, this) : this;

    /// <summary>The nearest integral value, ties to even.</summary>
    public Tensor Round() => DType.IsFloatingPoint ? Unary(Operator.Round, this) : this;

    /// <summary>The integral part.</summary>
    public Tensor Truncate() => DType.IsFloatingPoint ? Unary(Operator.Truncate, this) : this;

    /// <summary>Whether each element is NaN; a bool tensor.</summary>
    public Tensor IsNaN() => DType.IsFloatingPoint ? Unary(Operator.IsNaN, this) : Full(Shape, false, DType.Bool);

    /// <summary>Whether each element is neither infinite nor NaN; a bool tensor.</summary>
    public Tensor IsFinite() => DType.IsFloatingPoint ? Unary(Operator.IsFinite, this) : Full(Shape, true, DType.Bool);

    /// <summary>max(x, 0).</summary>
    public Tensor Relu() => Maximum(this, 0);

    /// <summary>x where positive, else <paramref name="slope"/> times x.</summary>
    public Tensor LeakyRelu(double slope = 0.01) => Where(this > 0, this, this * slope);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public Tensor Sigmoid() => Unary(Operator.Sigmoid, this);

    /// <summary>x · sigmoid(x).</summary>
    public Tensor Silu() => this * Sigmoid();

    /// <summary>ln(1 + eˣ), without overflow.</summary>
    public Tensor Softplus() => Maximum(this, 0) + (-Abs()).Exp().Log1P();

    /// <summary>x · Φ(x), by the error function (Hendrycks and Gimpel 2016).</summary>
    public Tensor Gelu() => this * 0.5 * (1 + (this * (1 / Math.Sqrt(2))).Erf());

    /// <summary>Elements held between two bounds, which broadcast.</summary>
    public Tensor Clamp(Tensor minimum, Tensor maximum) => Minimum(Maximum(this, minimum), maximum);
}
