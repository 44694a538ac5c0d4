using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>Memory of a CUDA device, which the host reads and writes by copies only.</summary>
internal sealed unsafe class CudaStorage(CudaDevice device, long byteLength) : Storage(0, byteLength)
{
    /// <summary>The device's memory.</summary>
    public CudaBuffer Buffer { get; } = device.Pool.Rent(byteLength);

    /// <inheritdoc/>
    public override Device Device => Buffer.Device;

    /// <inheritdoc/>
    public override nint DeviceAddress => IsDisposed ? 0 : Buffer.Address;

    /// <inheritdoc/>
    public override nint Address => Throw.NotSupported<nint>(
        $"tensor: its elements are on {Device.Name}, where the host cannot reach them; move it to the CPU first with .To(\"cpu\")");

    /// <inheritdoc/>
    public override Span<T> AsSpan<T>(long offset, int length)
    {
        _ = Address;
        return [];
    }

    /// <inheritdoc/>
    public override void CopyTo<T>(long offset, Span<T> target)
    {
        fixed (T* place = target)
        {
            Buffer.Device.CopyTo((nint)place, Buffer, offset * sizeof(T), (long)target.Length * sizeof(T));
        }
    }

    /// <inheritdoc/>
    public override void CopyFrom<T>(ReadOnlySpan<T> source, long offset)
    {
        fixed (T* place = source)
        {
            Buffer.Device.CopyFrom(Buffer, offset * sizeof(T), (nint)place, (long)source.Length * sizeof(T));
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override T Read<T>(long offset)
    {
        T element;
        Buffer.Device.CopyTo((nint)(&element), Buffer, offset * sizeof(T), sizeof(T));
        return element;
    }

    private protected override void Release() => Buffer.Dispose();
}
