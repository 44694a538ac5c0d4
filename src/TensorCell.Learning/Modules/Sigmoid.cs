using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>1 / (1 + e⁻ˣ) of each element.</summary>
public sealed class Sigmoid : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Sigmoid();
    }
}
