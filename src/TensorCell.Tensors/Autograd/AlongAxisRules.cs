using TensorCell.Kernels;

namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of picking elements of each line along an axis: of their order, their running extremes and their first few.</summary>
internal static class AlongAxisRules
{
    /// <summary>Derives elements picked by index: each gradient goes to where its element came from; what was picked twice gets both.</summary>
    /// <param name="result">The elements.</param>
    /// <param name="name">What picked them.</param>
    /// <param name="source">What they were picked from.</param>
    /// <param name="indices">i64, of the result's shape.</param>
    /// <param name="axis">The axis of the lines.</param>
    /// <param name="attribute">What the derivation tells of it.</param>
    public static Tensor Pick(Tensor result, string name, Tensor source, Tensor indices, int axis, object attribute) => result.Derive(name, [source], attribute, (_, gradient, _) =>
    {
        DType wide = Tensor.Accumulated(gradient.DType);
        return Tensor.Zeros(source.Shape, wide).ScatterAdd(axis, indices, gradient.To(wide));
    });
}
