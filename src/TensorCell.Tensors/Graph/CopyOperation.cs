namespace TensorCell.Tensors.Graph;

/// <summary>A view's elements laid out in row-major order.</summary>
/// <param name="input">The view.</param>
internal sealed class CopyOperation(Operand input) : Operation("copy", input)
{
    /// <inheritdoc/>
    public override bool RunsOnDevices => true;

    /// <inheritdoc/>
    protected override bool TracesItself => true;

    /// <inheritdoc/>
    protected override Storage Run(Value target) => Elements.Contiguous(Inputs[0]);
}
