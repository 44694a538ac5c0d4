namespace TensorCell.Tensors.Autograd;

/// <summary>
/// Derivations of functions that are composed of several operations and whose gradient is shorter, or more exact, than that of the composition.
/// Each function is computed without a tape, so that only the whole is derived.
/// </summary>
internal static class ActivationRules
{
    /// <summary>Derives max(x, 0); the gradient at 0 is 0.</summary>
    public static Tensor Relu(Tensor x) => Plain(() => x.Relu()).Derive(
        "relu", [x], null, (_, gradient, y) => Tensor.Where(y > 0, gradient, 0), DerivationReads.Result);

    /// <summary>Derives x, or its multiple where it is not positive.</summary>
    public static Tensor LeakyRelu(Tensor x, double slope) => Plain(() => x.LeakyRelu(slope)).Derive(
        "leakyrelu", [x], slope, (_, gradient, _) => Tensor.Where(x > 0, gradient, gradient * slope), DerivationReads.Inputs);

    /// <summary>Derives x · sigmoid(x).</summary>
    public static Tensor Silu(Tensor x) => Plain(() => x.Silu()).Derive("silu", [x], null, (_, gradient, y) =>
    {
        Tensor sigmoid = x.Sigmoid();
        return gradient * (sigmoid + (y * (1 - sigmoid)));
    });

    /// <summary>Derives ln(1 + eˣ).</summary>
    public static Tensor Softplus(Tensor x) => Plain(() => x.Softplus()).Derive(
        "softplus", [x], null, (_, gradient, _) => gradient * x.Sigmoid(), DerivationReads.Inputs);

    /// <summary>Derives x · Φ(x): Φ(x) + x · φ(x).</summary>
    public static Tensor Gelu(Tensor x) => Plain(() => x.Gelu()).Derive("gelu", [x], null, (_, gradient, _) =>
    {
        Tensor wide = Tensor.Computable(x);
        Tensor distribution = 0.5 * (1 + (wide * (1 / Math.Sqrt(2))).Erf());
        Tensor density = (wide * wide * -0.5).Exp() * (1 / Math.Sqrt(2 * Math.PI));
        return gradient * (distribution + (wide * density));
    }, DerivationReads.Inputs);

    /// <summary>Derives a softmax.</summary>
    public static Tensor Softmax(Tensor x, int axis) => Plain(() => x.Softmax(axis)).Derive(
        "softmax", [x], x.Shape.Axis("softmax", axis), (_, gradient, y) => y * (gradient - (gradient * y).Sum(axis, keepDims: true)), DerivationReads.Result);

    /// <summary>Derives the logarithm of a softmax.</summary>
    public static Tensor LogSoftmax(Tensor x, int axis) => Plain(() => x.LogSoftmax(axis)).Derive(
        "logsoftmax", [x], x.Shape.Axis("logsoftmax", axis), (_, gradient, y) => gradient - (y.Exp() * gradient.Sum(axis, keepDims: true)), DerivationReads.Result);

    /// <summary>Derives ln Σ eˣ.</summary>
    public static Tensor LogSumExp(Tensor x, int axis, bool keepDims) => Plain(() => x.LogSumExp(axis, keepDims)).Derive(
        "logsumexp", [x], new ReductionPart([x.Shape.Axis("logsumexp", axis)], keepDims), (_, gradient, y) =>
        {
            Shape kept = Axes.Kept(x.Shape, [x.Shape.Axis("logsumexp", axis)]);
            return gradient.Reshape(kept) * (x - y.Reshape(kept)).Exp();
        });

    private static Tensor Plain(Func<Tensor> function)
    {
        using TapeScope scope = Tensor.NoGrad();
        return function();
    }
}
