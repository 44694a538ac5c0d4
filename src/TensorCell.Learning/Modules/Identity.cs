using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>Returns what it is given.</summary>
public sealed class Identity : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input;
    }
}
