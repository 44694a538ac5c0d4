using TensorCell.Tensors.Graph;
using TensorCell.Tensors.Pooling;

namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of poolings.</summary>
internal static class PoolingRules
{
    /// <summary>Derives the greatest of windows: the first of the greatest elements gets the gradient.</summary>
    public static Tensor Max(Tensor result, string name, PoolingShape shape, Tensor input) =>
        result.Derive(name, [input], shape.Part, (_, gradient, greatest) =>
        {
            Tensor rows = gradient.Contiguous();
            Tensor most = greatest.Contiguous();
            return Tensor.Pending(
                new PoolingGradientOperation(name + " gradient", shape, rows.As(rows.Shape), input.As(input.Shape), most.As(most.Shape)), input.Shape, input.DType);
        });

    /// <summary>Derives the average of windows.</summary>
    public static Tensor Average(Tensor result, string name, PoolingShape shape, Tensor input) =>
        result.Derive(name, [input], shape.Part, (_, gradient, _) =>
        {
            Tensor rows = gradient.Contiguous();
            return Tensor.Pending(new PoolingGradientOperation(name + " gradient", shape, rows.As(rows.Shape)), input.Shape, input.DType);
        }, DerivationReads.Nothing);
}
