using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>The logarithm of a softmax along an axis.</summary>
/// <param name="axis">The axis; negative ones count from the last.</param>
public sealed class LogSoftmax(int axis = -1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.LogSoftmax(axis);
    }

    /// <inheritdoc/>
    public override string ToString() => axis == -1 ? nameof(LogSoftmax) : $"LogSoftmax(axis {axis})";
}
