using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>max(x, 0) of each element.</summary>
public sealed class Relu : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Relu();
    }
}
