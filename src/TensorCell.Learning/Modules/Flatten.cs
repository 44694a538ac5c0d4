using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>Joins all axes from one on: images [batch, 28, 28] become rows [batch, 784].</summary>
/// <param name="firstAxis">The first axis that is joined; those before it stay.</param>
public sealed class Flatten(int firstAxis = 1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (firstAxis < 0 || firstAxis > input.Rank)
        {
            Throw.Argument($"Flatten: axis {firstAxis} of shape {input.Shape}; use 0 to {input.Rank}");
        }

        int[] kept = input.Shape.ToArray()[..firstAxis];
        long joined = 1;
        foreach (int length in input.Shape.ToArray()[firstAxis..])
        {
            joined *= length;
        }

        return input.Reshape(Shape.Of([.. kept, checked((int)joined)]));
    }

    /// <inheritdoc/>
    public override string ToString() => firstAxis == 1 ? nameof(Flatten) : $"Flatten(from axis {firstAxis})";
}
