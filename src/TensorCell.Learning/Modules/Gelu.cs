using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>x · Φ(x) of each element, by the error function (Hendrycks and Gimpel 2016).</summary>
public sealed class Gelu : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Gelu();
    }
}
