using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>x · sigmoid(x) of each element (Elfwing et al. 2018).</summary>
public sealed class Silu : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Silu();
    }
}
