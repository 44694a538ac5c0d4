using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Arithmetic beyond the operators. Operands broadcast and promote as theirs do.
public sealed partial class Tensor
{
    /// <summary>The quotient rounded down, as Python's <c>//</c>.</summary>
    /// <exception cref="DivideByZeroException">An integer is divided by zero.</exception>
    public Tensor FloorDivide(Tensor divisor) => Derived("floordivide", nameof(RealFunctions.FloorDivide), this, divisor, RemainderRules.FloorDivide);

    /// <summary>The remainder with the sign of the divisor, as Python's and NumPy's <c>%</c>; C#'s, with the sign of the dividend, is the operator.</summary>
    /// <exception cref="DivideByZeroException">An integer is divided by zero.</exception>
    public Tensor Modulo(Tensor divisor) => Derived("modulo", nameof(RealFunctions.Modulo), this, divisor, RemainderRules.Modulo);

    /// <summary>The size of each element with the sign of another.</summary>
    public Tensor CopySign(Tensor sign) => Derived("copysign", nameof(RealFunctions.CopySign), this, sign, RemainderRules.CopySign, isReal: true);

    /// <summary>ln(eˣ + eʸ), without overflow.</summary>
    public static Tensor LogAddExp(Tensor x, Tensor y) => Composed("logaddexp", nameof(RealFunctions.LogAddExp), x, y, isReal: true);

    /// <summary>The base-2 logarithm of 2ˣ + 2ʸ, without overflow.</summary>
    public static Tensor LogAddExp2(Tensor x, Tensor y) => Composed("logaddexp2", nameof(RealFunctions.LogAddExp2), x, y, isReal: true);

    /// <summary>0 below zero, 1 above it, and an element of <paramref name="atZero"/> at zero.</summary>
    public Tensor Heaviside(Tensor atZero) => Composed("heaviside", nameof(RealFunctions.Heaviside), this, atZero, isReal: true);

    /// <summary>The greater of each two elements; of a NaN and a number, the number. (<see cref="Maximum"/> gives NaN.)</summary>
    public static Tensor MaximumNumber(Tensor left, Tensor right) => Numeric("maximumnumber", nameof(RealFunctions.MaximumNumber), Maximum, left, right);

    /// <summary>The lesser of each two elements; of a NaN and a number, the number. (<see cref="Minimum"/> gives NaN.)</summary>
    public static Tensor MinimumNumber(Tensor left, Tensor right) => Numeric("minimumnumber", nameof(RealFunctions.MinimumNumber), Minimum, left, right);

    /// <summary>x · ln y, and 0 where x is 0.</summary>
    public static Tensor XLogY(Tensor x, Tensor y) => Composed("xlogy", nameof(RealFunctions.XLogY), x, y, isReal: true);

    /// <summary>The greatest common divisor of each two integers; not negative.</summary>
    public static Tensor GreatestCommonDivisor(Tensor left, Tensor right) =>
        Composed("greatestcommondivisor", nameof(IntegerFunctions.GreatestCommonDivisor), left, right, isInteger: true);

    /// <summary>The least common multiple of each two integers; not negative.</summary>
    public static Tensor LeastCommonMultiple(Tensor left, Tensor right)
    {
        Tensor divisor = GreatestCommonDivisor(left, right);
        (left, right) = (left.To(divisor.DType), right.To(divisor.DType));
        return left.Abs().FloorDivide(Maximum(divisor, 1)) * right.Abs();
    }

    /// <summary>Between this and another tensor, in the proportion of a weight: <c>x + weight · (other - x)</c>.</summary>
    public Tensor Lerp(Tensor other, Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(weight);

        // The difference of bytes would wrap.
        return DType.IsFloatingPoint || other.DType.IsFloatingPoint && other.Number is null
            ? this + (weight * (other - this))
            : To(DType.Float64) + (weight * (other - To(DType.Float64)));
    }

    /// <summary>sin(πx) / πx, and 1 at 0.</summary>
    public Tensor Sinc() => ComposedUnary("sinc", nameof(RealFunctions.Sinc), this);

    /// <summary>What is behind the point: <c>x - truncate(x)</c>.</summary>
    public Tensor Fraction() => this - Truncate();

    /// <summary>Rounded to a number of decimals, ties to even: as NumPy's, scaled, rounded and scaled back.</summary>
    /// <param name="decimals">Digits behind the point; negative ones are before it.</param>
    public Tensor Round(int decimals)
    {
        double scale = Math.Pow(10, Math.Abs((double)decimals));
        return !DType.IsFloatingPoint && decimals >= 0 ? Same()
            : !DType.IsFloatingPoint ? ((To(DType.Float64) / scale).Round() * scale).To(DType)
            : decimals >= 0 ? (this * scale).Round() / scale
            : (this / scale).Round() * scale;
    }

    /// <summary>Degrees as radians.</summary>
    public Tensor DegreesToRadians() => InComputedType(x => x * (Math.PI / 180));

    /// <summary>Radians as degrees.</summary>
    public Tensor RadiansToDegrees() => InComputedType(x => x * (180 / Math.PI));

    /// <summary>Every NaN, and every infinity, replaced by a number.</summary>
    /// <param name="nan">For NaN.</param>
    /// <param name="positiveInfinity">For ∞; without it, the greatest number of the type.</param>
    /// <param name="negativeInfinity">For -∞; without it, the least number of the type.</param>
    public Tensor NanToNum(double nan = 0, double? positiveInfinity = null, double? negativeInfinity = null)
    {
        if (!DType.IsFloatingPoint)
        {
            return Same();
        }

        double greatest = DType switch
        {
            DType.Float16 => (double)Half.MaxValue,
            DType.BFloat16 => BitConverter.UInt32BitsToSingle(0x7F7F0000),
            DType.Float32 => float.MaxValue,
            _ => double.MaxValue,
        };
        Tensor number = Where(IsNaN(), nan, this);
        return Where(number.IsInfinity(), Where(number > 0, positiveInfinity ?? greatest, negativeInfinity ?? -greatest).To(DType), number);
    }

    /// <summary>An operation on two tensors by a function of <see cref="RealFunctions"/> or <see cref="IntegerFunctions"/>.</summary>
    /// <param name="operation">The name that errors use.</param>
    /// <param name="function">The function's name.</param>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="isReal">Whether integers become f64.</param>
    /// <param name="isInteger">Whether it is for integers alone.</param>
    private static Tensor Composed(string operation, string function, Tensor left, Tensor right, bool isReal = false, bool isInteger = false)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        DType type = Promote(operation, left, right);
        type = isReal && !type.IsFloatingPoint ? DType.Float64 : type;
        if (type == DType.Bool || (isInteger && type.IsFloatingPoint))
        {
            Throw.Argument($"{operation}: not defined on {left.DType.Name} and {right.DType.Name}; use .To(DType.{(isInteger ? "Int64" : "Float32")}) first");
        }

        Shape.Broadcast(operation, left.Shape, right.Shape);
        ElementwiseKernel kernel = ComposedFunctions.Get(function, type.Computed);
        return kernel.Apply(Rounded(left, type).To(type.Computed), Rounded(right, type).To(type.Computed)).To(type);
    }

    /// <summary>As <see cref="Composed"/>, by a function whose derivative is not that of its steps.</summary>
    private static Tensor Derived(
        string operation, string function, Tensor left, Tensor right, Func<Tensor, Tensor, Tensor, Tensor> rule, bool isReal = false)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        Tensor result = Composed(operation, function, left.Detach(), right.Detach(), isReal);
        return Tape.Keeps(left, right) ? rule(result, left, right) : result;
    }

    private static Tensor ComposedUnary(string operation, string function, Tensor tensor)
    {
        DType type = tensor.DType.IsFloatingPoint ? tensor.DType : DType.Float64;
        return ComposedFunctions.Get(function, type.Computed).Apply(tensor.To(type.Computed)) is var result && result.DType == DType.Bool
            ? result
            : result.To(type);
    }

    /// <summary>An operation that only floating-point tensors need a function of their own for.</summary>
    private static Tensor Numeric(string operation, string function, Func<Tensor, Tensor, Tensor> ofIntegers, Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Promote(operation, left, right).IsFloatingPoint ? Composed(operation, function, left, right) : ofIntegers(left, right);
    }
}
