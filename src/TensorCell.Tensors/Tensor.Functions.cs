using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Functions of each element. Integer tensors become f64 where the function is not one on integers.
public sealed partial class Tensor
{
    /// <summary>|x|.</summary>
    public Tensor Abs() => Unary(UnaryOperation.Abs, this);

    /// <summary>-1, 0 or 1 by the sign; NaN for NaN.</summary>
    public Tensor Sign() => Unary(UnaryOperation.Sign, this);

    /// <summary>The square root.</summary>
    public Tensor Sqrt() => Unary(UnaryOperation.Sqrt, this);

    /// <summary>1/√x.</summary>
    public Tensor ReciprocalSqrt() => Unary(UnaryOperation.ReciprocalSqrt, this);

    /// <summary>1/x.</summary>
    public Tensor Reciprocal() => Unary(new(OperatorKind.Reciprocal), this);

    /// <summary>The cube root.</summary>
    public Tensor Cbrt() => Unary(UnaryOperation.Cbrt, this);

    /// <summary>x².</summary>
    public Tensor Square() => Binary(BinaryOperation.Multiply, this, this);

    /// <summary>eˣ.</summary>
    public Tensor Exp() => Unary(UnaryOperation.Exp, this);

    /// <summary>2ˣ.</summary>
    public Tensor Exp2() => Unary(UnaryOperation.Exp2, this);

    /// <summary>eˣ - 1, exact near 0.</summary>
    public Tensor ExpM1() => Unary(UnaryOperation.ExpM1, this);

    /// <summary>The natural logarithm.</summary>
    public Tensor Log() => Unary(UnaryOperation.Log, this);

    /// <summary>The logarithm to base 2.</summary>
    public Tensor Log2() => Unary(UnaryOperation.Log2, this);

    /// <summary>The logarithm to base 10.</summary>
    public Tensor Log10() => Unary(UnaryOperation.Log10, this);

    /// <summary>ln(1 + x), exact near 0.</summary>
    public Tensor Log1P() => Unary(UnaryOperation.Log1P, this);

    /// <summary>The sine, of radians.</summary>
    public Tensor Sin() => Unary(UnaryOperation.Sin, this);

    /// <summary>The cosine, of radians.</summary>
    public Tensor Cos() => Unary(UnaryOperation.Cos, this);

    /// <summary>The tangent, of radians.</summary>
    public Tensor Tan() => Unary(UnaryOperation.Tan, this);

    /// <summary>The inverse sine, in radians.</summary>
    public Tensor Asin() => Unary(UnaryOperation.Asin, this);

    /// <summary>The inverse cosine, in radians.</summary>
    public Tensor Acos() => Unary(UnaryOperation.Acos, this);

    /// <summary>The inverse tangent, in radians.</summary>
    public Tensor Atan() => Unary(UnaryOperation.Atan, this);

    /// <summary>The hyperbolic sine.</summary>
    public Tensor Sinh() => Unary(UnaryOperation.Sinh, this);

    /// <summary>The hyperbolic cosine.</summary>
    public Tensor Cosh() => Unary(UnaryOperation.Cosh, this);

    /// <summary>The hyperbolic tangent.</summary>
    public Tensor Tanh() => Unary(UnaryOperation.Tanh, this);

    /// <summary>The inverse hyperbolic sine.</summary>
    public Tensor Asinh() => Unary(UnaryOperation.Asinh, this);

    /// <summary>The inverse hyperbolic cosine.</summary>
    public Tensor Acosh() => Unary(UnaryOperation.Acosh, this);

    /// <summary>The inverse hyperbolic tangent.</summary>
    public Tensor Atanh() => Unary(UnaryOperation.Atanh, this);

    /// <summary>The error function.</summary>
    public Tensor Erf() => Unary(UnaryOperation.Erf, this);

    /// <summary>The greatest integral value not above x.</summary>
    public Tensor Floor() => DType.IsFloatingPoint ? Unary(UnaryOperation.Floor, this) : Same();

    /// <summary>The least integral value not below x.</summary>
    public Tensor Ceiling() => DType.IsFloatingPoint ? Unary(UnaryOperation.Ceiling, this) : Same();

    /// <summary>The nearest integral value, ties to even.</summary>
    public Tensor Round() => DType.IsFloatingPoint ? Unary(UnaryOperation.Round, this) : Same();

    /// <summary>The integral part.</summary>
    public Tensor Truncate() => DType.IsFloatingPoint ? Unary(UnaryOperation.Truncate, this) : Same();

    /// <summary>Whether each element is NaN; a bool tensor.</summary>
    public Tensor IsNaN() => DType.IsFloatingPoint ? Unary(new(OperatorKind.IsNaN), this) : Full(Shape, false, DType.Bool);

    /// <summary>Whether each element is neither infinite nor NaN; a bool tensor.</summary>
    public Tensor IsFinite() => DType.IsFloatingPoint ? Unary(new(OperatorKind.IsFinite), this) : Full(Shape, true, DType.Bool);

    /// <summary>max(x, 0).</summary>
    public Tensor Relu() => Tape.Keeps(this) ? ActivationRules.Relu(this) : Maximum(this, 0);

    /// <summary>x where positive, else <paramref name="slope"/> times x.</summary>
    public Tensor LeakyRelu(double slope = 0.01) =>
        Tape.Keeps(this) ? ActivationRules.LeakyRelu(this, slope) : Where(this > 0, this, this * slope);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public Tensor Sigmoid() => Unary(UnaryOperation.Sigmoid, this);

    /// <summary>x · sigmoid(x).</summary>
    public Tensor Silu() => Tape.Keeps(this) ? ActivationRules.Silu(this) : this * Sigmoid();

    /// <summary>ln(1 + eˣ), without overflow.</summary>
    public Tensor Softplus() => !DType.IsFloatingPoint ? To(DType.Float64).Softplus()
        : Tape.Keeps(this) ? ActivationRules.Softplus(this)
        : Maximum(this, 0) + (-Abs()).Exp().Log1P();

    /// <summary>x · Φ(x), by the error function (Hendrycks and Gimpel 2016).</summary>
    public Tensor Gelu() =>
        Tape.Keeps(this) ? ActivationRules.Gelu(this) : InComputedType(x => x * 0.5 * (1 + (x * (1 / Math.Sqrt(2))).Erf()));

    /// <summary>Elements held between two bounds, which broadcast. As in PyTorch, the gradient passes an element at a bound.</summary>
    public Tensor Clamp(Tensor minimum, Tensor maximum) => Held(minimum, maximum, isFlatAtBound: false);

    private Tensor Held(Tensor minimum, Tensor maximum, bool isFlatAtBound)
    {
        ArgumentNullException.ThrowIfNull(minimum);
        ArgumentNullException.ThrowIfNull(maximum);
        Tensor raised = Tape.Keeps(this, minimum) ? ClampRules.AtLeast(this, minimum, isFlatAtBound) : Maximum(this, minimum);
        return Tape.Keeps(raised, maximum) ? ClampRules.AtMost(raised, maximum, isFlatAtBound) : Minimum(raised, maximum);
    }

    /// <summary>The same elements in memory of their own, as the result of a function that leaves them as they are.</summary>
    private Tensor Same()
    {
        Tensor result = Elementwise(new ElementwiseOperation(new(OperatorKind.Convert), DType, As(Shape)), Shape, DType);
        return Tape.Keeps(this) ? ViewRules.Copy(result, this) : result;
    }

    /// <summary>A result, in memory of its own if it is a view of this tensor.</summary>
    private Tensor Apart(Tensor result) => ReferenceEquals(result.root, root) ? result.Same() : result;
}
