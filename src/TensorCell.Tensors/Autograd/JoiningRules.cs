namespace TensorCell.Tensors.Autograd;

/// <summary>Derivations of putting tensors together.</summary>
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
}
