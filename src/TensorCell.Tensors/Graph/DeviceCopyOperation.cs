using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>The same elements on another device, in row-major order.</summary>
/// <param name="input">What is copied.</param>
/// <param name="device">Where to.</param>
internal sealed class DeviceCopyOperation(Operand input, Device device) : Operation("to", input)
{
    /// <inheritdoc/>
    public override Device ResultDevice => device;

    /// <inheritdoc/>
    public override bool RunsOnDevices => true;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage storage = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size, device);
        Elements.Copy(Inputs[0], storage, target.Layout);
        return storage;
    }
}
