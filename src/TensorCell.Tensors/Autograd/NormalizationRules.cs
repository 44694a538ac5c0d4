using TensorCell.Tensors.Moments;

namespace TensorCell.Tensors.Autograd;

/// <summary>Normalisations with their derivations, which are shorter than those of what they are composed of.</summary>
internal static class NormalizationRules
{
    /// <summary>(x - mean) / √(variance + ε), both along axes.</summary>
    public static Tensor Standardize(Tensor x, int[] axes, double epsilon)
    {
        Tensor mean;
        Tensor scale;
        using (Tensor.NoGrad())
        {
            (mean, Tensor variance) = MomentsOperation.TryOf(x, axes) ?? Composed(x, axes);
            scale = (variance + epsilon).ReciprocalSqrt();
        }

        return Derive("standardize", x, axes, scale, () => (x - mean) * scale, isCentred: true);
    }

    private static (Tensor Mean, Tensor Variance) Composed(Tensor x, int[] axes)
    {
        Tensor mean = x.Mean(axes, keepDims: true);
        Tensor deviation = x - mean;
        return (mean, (deviation * deviation).Mean(axes, keepDims: true));
    }

    /// <summary>x / √(mean of x² + ε), along axes.</summary>
    public static Tensor RootMeanSquare(Tensor x, int[] axes, double epsilon)
    {
        Tensor scale;
        using (Tensor.NoGrad())
        {
            scale = ((x * x).Mean(axes, keepDims: true) + epsilon).ReciprocalSqrt();
        }

        return Derive("rootmeansquare", x, axes, scale, () => x * scale, isCentred: false);
    }

    /// <summary>
    /// The gradient is scale · (g - mean(g) - y · mean(g · y)), without the first mean where none was subtracted. The result is computed anew for
    /// it, from the row's mean and scale, which is cheaper than keeping it.
    /// </summary>
    private static Tensor Derive(string name, Tensor x, int[] axes, Tensor scale, Func<Tensor> compute, bool isCentred)
    {
        Tensor result;
        using (Tensor.NoGrad())
        {
            result = compute();
        }

        return !Tape.Keeps(x) ? result : result.Derive(name, [x], axes, (_, gradient, _) =>
        {
            Tensor y = compute();
            Tensor along = y * (gradient * y).Mean(axes, keepDims: true);
            return scale * (isCentred ? gradient - gradient.Mean(axes, keepDims: true) - along : gradient - along);
        }, DerivationReads.Inputs);
    }
}
