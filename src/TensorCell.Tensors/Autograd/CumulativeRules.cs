namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of running totals.</summary>
internal static class CumulativeRules
{
    /// <summary>Derives running sums: an element is part of every sum from its own on.</summary>
    public static Tensor Sum(Tensor result, Tensor source, CumulativePart part) => result.Derive(
        "cumsum", [source], part, (_, gradient, _) => gradient.CumSum(part.Axis, !part.IsReversed));

    /// <summary>
    /// Derives running products. Before the first zero an element's share is the rest of the product; the first zero's is the product without it;
    /// what follows it is multiplied by it in every product, so its share is 0.
    /// </summary>
    public static Tensor Product(Tensor result, Tensor source, CumulativePart part) => result.Derive("cumprod", [source], part, (_, gradient, y) =>
    {
        Tensor isZero = source.EqualTo(0);
        Tensor zeros = isZero.CumSum(part.Axis, part.IsReversed);
        Tensor isFirst = isZero & zeros.EqualTo(1);
        Tensor withoutIt = Tensor.Where(isFirst, 1, source).CumProd(part.Axis, part.IsReversed);
        Tensor shares = (gradient * y).CumSum(part.Axis, !part.IsReversed);
        Tensor sharesWithoutIt = (gradient * withoutIt).CumSum(part.Axis, !part.IsReversed);
        return Tensor.Where(zeros.EqualTo(0), shares / source, Tensor.Where(isFirst, sharesWithoutIt, 0));
    });

    /// <summary>Derives running logarithms of sums, positive and negative gradients apart so that neither overflows.</summary>
    public static Tensor LogSum(Tensor result, Tensor source, CumulativePart part) => result.Derive("logcumsumexp", [source], part, (_, gradient, y) =>
    {
        return Share(Tensor.Maximum(gradient, 0)) - Share(Tensor.Maximum(-gradient, 0));

        Tensor Share(Tensor positive)
        {
            Tensor logarithms = Tensor.Where(positive > 0, positive.Log() - y, double.NegativeInfinity);
            return (logarithms.LogCumSumExp(part.Axis, !part.IsReversed) + source).Exp();
        }
    });
}
