using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>The hyperbolic tangent of each element.</summary>
public sealed class Tanh : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Tanh();
    }
}
