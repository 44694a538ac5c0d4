using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of putting tensors together and of picking parts by index.</summary>
internal static class JoiningRules
{
    /// <summary>Derives tensors one after the other.</summary>
    public static Tensor Concat(Tensor result, int axis, Tensor[] inputs) => result.Derive("concat", inputs, axis, (input, gradient, _) =>
    {
        int first = 0;
        for (int before = 0; before < input; before++)
        {
            first += inputs[before].Shape[axis];
        }

        return gradient.Slice(axis, first..(first + inputs[input].Shape[axis]));
    });

    /// <summary>Derives parts at indices; a part that was taken twice gets both gradients.</summary>
    public static Tensor Take(Tensor result, Tensor source, TakePart taken) => result.Derive("take", [source], taken, (_, gradient, _) =>
    {
        Tensor parts = Tensor.Computable(gradient).Contiguous();
        return Tensor.Pending(
            new TakeGradientOperation(taken.Axis, taken.Indices, parts.As(parts.Shape)), source.Shape, parts.DType);
    });
}
