using System.Globalization;
using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>Each element where it is positive, else a multiple of it.</summary>
/// <param name="slope">What elements that are not positive are multiplied by.</param>
public sealed class LeakyRelu(double slope = 0.01) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.LeakyRelu(slope);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"LeakyRelu({slope})");
}
