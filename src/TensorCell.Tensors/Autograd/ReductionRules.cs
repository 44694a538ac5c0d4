using TensorCell.Kernels;
using TensorCell.Kernels.Ir;

namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of foldings of axes.</summary>
internal static class ReductionRules
{
    /// <summary>Derives a reduction.</summary>
    /// <param name="result">Its result.</param>
    /// <param name="name">Its name.</param>
    /// <param name="fold">How elements become one.</param>
    /// <param name="source">What is reduced.</param>
    /// <param name="axes">Which axes, from 0, ascending.</param>
    /// <param name="keepDims">Whether they stay with length 1.</param>
    public static Tensor Reduce(Tensor result, string name, ReduceOperation fold, Tensor source, int[] axes, bool keepDims)
    {
        Shape kept = Axes.Kept(source.Shape, axes);
        return result.Derive(name, [source], new ReductionPart(axes, keepDims), (_, gradient, y) => fold switch
        {
            ReduceOperation.Sum => gradient.Reshape(kept).BroadcastTo(source.Shape),
            ReduceOperation.Mean => gradient.Reshape(kept).BroadcastTo(source.Shape) * ((double)y.Count / source.Count),
            ReduceOperation.Max or ReduceOperation.Min => OfExtreme(gradient.Reshape(kept), y.Reshape(kept), source, axes),
            _ => null,
        }, fold is ReduceOperation.Sum or ReduceOperation.Mean ? DerivationReads.Nothing : DerivationReads.Inputs | DerivationReads.Result);
    }

    /// <summary>Derives a product of elements, exactly where there are zeros too.</summary>
    public static Tensor Prod(Tensor result, Tensor source, int[] axes, bool keepDims)
    {
        Shape kept = Axes.Kept(source.Shape, axes);
        return result.Derive("prod", [source], new ReductionPart(axes, keepDims), (_, gradient, _) =>
        {
            Tensor isZero = source.EqualTo(0);
            Tensor zeros = isZero.Sum(axes, keepDims: true);
            Tensor ofOthers = Tensor.Where(isZero, 1, source).Prod(axes, keepDims: true);
            Tensor share = Tensor.Where(
                isZero,
                Tensor.Where(zeros.EqualTo(1), ofOthers, 0),
                Tensor.Where(zeros.EqualTo(0), ofOthers / source, 0));
            return gradient.Reshape(kept) * share;
        });
    }

    /// <summary>Elements that tie share the gradient.</summary>
    private static Tensor OfExtreme(Tensor gradient, Tensor extreme, Tensor source, int[] axes)
    {
        Tensor isChosen = source.EqualTo(extreme).To(gradient.DType);
        return isChosen * (gradient / isChosen.Sum(axes, keepDims: true));
    }
}
