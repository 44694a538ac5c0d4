using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>Exponentials that add up to 1 along an axis.</summary>
/// <param name="axis">The axis; negative ones count from the last.</param>
public sealed class Softmax(int axis = -1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Softmax(axis);
    }

    /// <inheritdoc/>
    public override string ToString() => axis == -1 ? nameof(Softmax) : $"Softmax(axis {axis})";
}
