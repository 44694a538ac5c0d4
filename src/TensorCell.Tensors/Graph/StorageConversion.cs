using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>A conversion to or from a type that kernels do not compute in.</summary>
/// <param name="input">What is converted.</param>
internal sealed class StorageConversion(Operand input) : Operation("convert", input)
{
    /// <inheritdoc/>
    public override bool RunsOnDevices => true;

    /// <inheritdoc/>
    protected override Storage Run(Value target) => Elements.Convert(Inputs[0], target.DType);
}
