using TensorCell.Kernels;
using TensorCell.Kernels.Ir;

namespace TensorCell.Tensors;

// A tensor as what kernels read and write in place.
public sealed partial class Tensor : IKernelMemory, IKernelArgument
{
    /// <inheritdoc/>
    Device IKernelMemory.Device => Device;

    /// <inheritdoc/>
    nint IKernelMemory.Address(bool isWritten)
    {
        if (isWritten)
        {
            RequireUntracked("kernel");
            BeginWrite();
        }

        return Storage.DeviceAddress + (nint)(Layout.Offset * DType.Size);
    }

    /// <inheritdoc/>
    KernelArgument IKernelArgument.ToArgument() => this;

    /// <summary>
    /// The tensor as what a kernel is launched with: read and written in place, of up to four dimensions. A number is a number; another scalar, a
    /// view of one element.
    /// </summary>
    public static implicit operator KernelArgument(Tensor tensor)
    {
        if (tensor is null)
        {
            throw new ArgumentNullException(nameof(tensor), "kernel: null was given for a tensor: make the tensor before the launch");
        }

        if (tensor.Number is { } number)
        {
            return number.As(tensor.DType);
        }

        if (tensor.Rank > 4)
        {
            Throw.Argument($"kernel: a tensor of {tensor.Rank} dimensions, {tensor.Shape}; views have up to four: reshape it");
        }

        tensor.Realize();
        Span<int> lengths = stackalloc int[Math.Max(tensor.Rank, 1)];
        Span<nint> strides = stackalloc nint[lengths.Length];
        (lengths[0], strides[0]) = (1, 1);
        for (int axis = 0; axis < tensor.Rank; axis++)
        {
            lengths[axis] = tensor.Shape[axis];
            strides[axis] = (nint)tensor.Strides[axis];
        }

        return new KernelArgument(new ViewMemory(tensor, 0), StorageTypes.Of(tensor.DType), lengths, strides);
    }
}
