using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Moving tensors between devices.
public sealed partial class Tensor
{
    /// <summary>Where the elements live, or will once they are computed.</summary>
    public Device Device => root.value.Device ?? Device.Cpu;

    /// <summary>
    /// The elements on a device: a pending copy, or this tensor if it is there. Elementwise operations, reductions and kernels run where their tensors
    /// are; other operations run on the CPU.
    /// </summary>
    public Tensor To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (ReferenceEquals(device, Device))
        {
            return this;
        }

        Tensor result = Pending(new DeviceCopyOperation(As(Shape), device), Shape, DType);
        return Tape.Keeps(this) ? ViewRules.Move(result, this) : result;
    }

    /// <inheritdoc cref="To(Device)"/>
    /// <param name="device">The device's name: <c>cpu</c>, <c>cuda:0</c>.</param>
    /// <exception cref="ArgumentException">There is no such device; the message says what was looked for.</exception>
    public Tensor To(string device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return To(Device.Find(device));
    }
}
