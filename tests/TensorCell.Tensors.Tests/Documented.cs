using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Where the type of a result differs from NumPy's by design, and what either has not; see the documentation of <see cref="Promotion"/>.</summary>
internal static class Documented
{
    private static readonly string[] real =
    [
        "sqrt", "cbrt", "exp", "log", "sin", "cos", "tan", "arc", "sinh", "cosh", "tanh", "hypot", "copysign", "heaviside", "sinc", "np.floor",
        "np.ceil", "np.rint", "np.trunc",
    ];

    private static readonly string[] notOfBool =
        ["-a", "np.sign", "abs(a)", "np.square", "a - b", "a // b", "a % b", "fmod", "np.power", "np.gcd", "np.lcm", "a << b", "a >> b", "- a.min"];

    /// <summary>Our type for an operation that NumPy computes too, if that is another than NumPy's; null where the two cannot be compared.</summary>
    /// <param name="code">NumPy's code.</param>
    /// <param name="left">The type of the first tensor.</param>
    /// <param name="right">The type of the second, or again of the first.</param>
    /// <returns>The type that ours has.</returns>
    public static DType? Of(string code, DType left, DType right)
    {
        DType type = Promotion.Of(left, right);
        bool isTruth = code.Contains("logical") || code.Contains("np.is") || code.Contains("signbit") || code.Contains("a == b") || code.Contains("a != b")
            || code.Contains("a < b") || code.Contains("a > b") || code.Contains("a <= b") || code.Contains("a >= b") || code is "a.any()" or "a.all()";
        if (isTruth)
        {
            return DType.Bool;
        }

        // NumPy computes with truth values as with i8; we refuse.
        if (type == DType.Bool && notOfBool.Any(code.Contains))
        {
            return null;
        }

        if (code is "a.ptp()" && type == DType.Bool)
        {
            return null;
        }

        bool isBits = code is "~a" or "a & b" or "a | b" or "a ^ b" or "a << b" or "a >> b" || code.Contains("gcd") || code.Contains("lcm");
        if (isBits && type.IsFloatingPoint)
        {
            return null;
        }

        if (code.Contains("count_nonzero") || (code is "a.sum()" or "a.prod()" && !type.IsFloatingPoint))
        {
            return DType.Int64;
        }

        // Real functions of integers are f64, where NumPy gives f16 and f32 for small ones; but rounding integers leaves them.
        bool isRounding = code.Contains("np.floor") || code.Contains("np.ceil") || code.Contains("np.rint") || code.Contains("np.trunc");
        bool isReal = code is "a / b" or "a.mean()" or "a.var()" or "a.std()" || code.Contains("1.0") || real.Any(code.Contains);
        return isRounding && !type.IsFloatingPoint ? type
            : isReal && !type.IsFloatingPoint ? DType.Float64
            : type;
    }
}
