using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>NumPy's functions and ours beside them.</summary>
internal static class NumPyFunctions
{
    /// <summary>Of two tensors, a and b, that broadcast.</summary>
    public static (string Code, Func<Tensor, Tensor, Tensor> Function)[] OfTwo { get; } =
    [
        ("a + b", (a, b) => a + b),
        ("a - b", (a, b) => a - b),
        ("a * b", (a, b) => a * b),
        ("a / b", (a, b) => a / b),
        ("a // b", (a, b) => a.FloorDivide(b)),
        ("a % b", (a, b) => a.Modulo(b)),
        ("np.fmod(a, b)", (a, b) => a % b),
        ("np.power(a, abs(b))", (a, b) => a.Power(b.DType is DType.Bool or DType.UInt8 ? b : b.Abs())),
        ("np.minimum(a, b)", Tensor.Minimum),
        ("np.maximum(a, b)", Tensor.Maximum),
        ("np.fmin(a, b)", Tensor.MinimumNumber),
        ("np.fmax(a, b)", Tensor.MaximumNumber),
        ("np.arctan2(a, b)", Tensor.Atan2),
        ("np.hypot(a, b)", Tensor.Hypot),
        ("np.copysign(a, b)", (a, b) => a.CopySign(b)),
        ("np.logaddexp(a, b)", Tensor.LogAddExp),
        ("np.logaddexp2(a, b)", Tensor.LogAddExp2),
        ("np.heaviside(a, b)", (a, b) => a.Heaviside(b)),
        ("np.gcd(a, b)", Tensor.GreatestCommonDivisor),
        ("np.lcm(a, b)", Tensor.LeastCommonMultiple),
        ("a == b", (a, b) => a.EqualTo(b)),
        ("a != b", (a, b) => a.NotEqualTo(b)),
        ("a < b", (a, b) => a < b),
        ("a <= b", (a, b) => a <= b),
        ("a > b", (a, b) => a > b),
        ("a >= b", (a, b) => a >= b),
        ("a & b", (a, b) => a & b),
        ("a | b", (a, b) => a | b),
        ("a ^ b", (a, b) => a ^ b),
        ("a << b", (a, b) => a << b),
        ("a >> b", (a, b) => a >> b),
        ("np.logical_and(a, b)", (a, b) => a.LogicalAnd(b)),
        ("np.logical_or(a, b)", (a, b) => a.LogicalOr(b)),
        ("np.logical_xor(a, b)", (a, b) => a.LogicalXor(b)),
        ("np.where(a > 0, a, b)", (a, b) => Tensor.Where(a > 0, a, b)),
        ("np.clip(a, np.minimum(b, b.flat[0] if b.size else 0), np.maximum(b, b.flat[0] if b.size else 0))", ClipBetween),
    ];

    /// <summary>Of one tensor, a.</summary>
    public static (string Code, Func<Tensor, Tensor> Function)[] OfOne { get; } =
    [
        ("-a", a => -a),
        ("~a", a => ~a),
        ("abs(a)", a => a.Abs()),
        ("np.sign(a)", a => a.Sign()),
        ("np.square(a)", a => a.Square()),
        ("np.sqrt(a)", a => a.Sqrt()),
        ("np.cbrt(a)", a => a.Cbrt()),
        ("np.exp(a)", a => a.Exp()),
        ("np.exp2(a)", a => a.Exp2()),
        ("np.expm1(a)", a => a.ExpM1()),
        ("np.log(a)", a => a.Log()),
        ("np.log2(a)", a => a.Log2()),
        ("np.log10(a)", a => a.Log10()),
        ("np.log1p(a)", a => a.Log1P()),
        ("np.sin(a)", a => a.Sin()),
        ("np.cos(a)", a => a.Cos()),
        ("np.tan(a)", a => a.Tan()),
        ("np.arcsin(a)", a => a.Asin()),
        ("np.arccos(a)", a => a.Acos()),
        ("np.arctan(a)", a => a.Atan()),
        ("np.sinh(a)", a => a.Sinh()),
        ("np.cosh(a)", a => a.Cosh()),
        ("np.tanh(a)", a => a.Tanh()),
        ("np.arcsinh(a)", a => a.Asinh()),
        ("np.arccosh(a)", a => a.Acosh()),
        ("np.arctanh(a)", a => a.Atanh()),
        ("np.sinc(a)", a => a.Sinc()),
        ("np.floor(a)", a => a.Floor()),
        ("np.ceil(a)", a => a.Ceiling()),
        ("np.rint(a)", a => a.Round()),
        ("np.trunc(a)", a => a.Truncate()),
        ("np.isnan(a)", a => a.IsNaN()),
        ("np.isinf(a)", a => a.IsInfinity()),
        ("np.isfinite(a)", a => a.IsFinite()),
        ("np.signbit(a)", a => a.SignBit()),
        ("np.logical_not(a)", a => a.LogicalNot()),
        ("np.nan_to_num(a)", a => a.NanToNum()),
        ("np.count_nonzero(a)", a => a.CountNonZero()),
        ("np.logaddexp(0, 1.0 * a)", a => a.Softplus()),
        ("-np.logaddexp(0, -1.0 * a)", a => a.LogSigmoid()),
        ("a / (1.0 + abs(1.0 * a))", a => a.Softsign()),
        ("1.0 * a + 0.5 * (3.0 - a)", a => a.Lerp(3, 0.5)),
        ("np.log(np.exp(1.0 * a - 1.0 * a.max()).sum()) + 1.0 * a.max() if a.size else np.zeros(0)", a => a.Count == 0 ? Tensor.Zeros(0, a.DType) * 1.0 : a.Flatten().LogSumExp()),
        ("np.exp(1.0 * a - 1.0 * a.max()) / np.exp(1.0 * a - 1.0 * a.max()).sum() if a.size else a * 1.0", a => a.Count == 0 ? a * 1.0 : a.Flatten().Softmax().Reshape(a.Shape)),
    ];

    /// <summary>Methods that fold axes.</summary>
    public static (string Code, Func<Tensor, Axes, bool, Tensor> Function)[] Reductions { get; } =
    [
        ("sum", (a, axes, keep) => a.Sum(axes, keep)),
        ("prod", (a, axes, keep) => a.Prod(axes, keep)),
        ("mean", (a, axes, keep) => a.Mean(axes, keep)),
        ("var", (a, axes, keep) => a.Var(axes, keep)),
        ("std", (a, axes, keep) => a.Std(axes, keep)),
        ("max", (a, axes, keep) => a.Max(axes, keep)),
        ("min", (a, axes, keep) => a.Min(axes, keep)),
        ("any", (a, axes, keep) => a.Any(axes, keep)),
        ("all", (a, axes, keep) => a.All(axes, keep)),
        ("ptp", (a, axes, keep) => a.Max(axes, keep) - a.Min(axes, keep)),
    ];

    private static Tensor ClipBetween(Tensor a, Tensor b)
    {
        Tensor middle = b.Count == 0 ? Tensor.Zeros(default, b.DType) : b.Flatten()[0];
        return a.Clamp(Tensor.Minimum(b, middle), Tensor.Maximum(b, middle));
    }
}
