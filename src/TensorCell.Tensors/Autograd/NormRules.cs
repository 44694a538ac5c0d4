namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of norms. Where a norm is 0, so is its gradient.</summary>
internal static class NormRules
{
    /// <summary>Derives a norm of an order other than 0.</summary>
    /// <param name="result">The norm.</param>
    /// <param name="source">The elements, of the result's type.</param>
    /// <param name="part">What is folded, and how.</param>
    public static Tensor Norm(Tensor result, Tensor source, NormPart part)
    {
        Shape kept = Axes.Kept(source.Shape, part.Axes);
        return result.Derive("norm", [source], part, (_, gradient, y) =>
        {
            Tensor flowing = gradient.Reshape(kept);
            Tensor norm = y.Reshape(kept);
            return part.Order switch
            {
                1 => flowing * source.Sign(),
                2 => Tensor.Where(norm.EqualTo(0), 0, flowing * (source / norm)),
                double.PositiveInfinity or double.NegativeInfinity => flowing * OfExtreme(source, norm, part.Axes),
                double order => Tensor.Where(
                    norm.EqualTo(0) | source.EqualTo(0), 0, flowing * source.Sign() * (source.Abs() / norm).Power(order - 1)),
            };
        });
    }

    /// <summary>Elements that tie share the gradient.</summary>
    private static Tensor OfExtreme(Tensor source, Tensor norm, int[] axes)
    {
        Tensor isChosen = source.Abs().EqualTo(norm).To(source.DType);
        return isChosen * source.Sign() / isChosen.Sum(axes, keepDims: true);
    }
}
