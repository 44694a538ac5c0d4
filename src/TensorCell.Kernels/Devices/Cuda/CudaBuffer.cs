namespace TensorCell.Kernels;

/// <summary>Uninitialised memory on a CUDA device; goes back to the device's pool when it is disposed or dropped.</summary>
internal sealed class CudaBuffer : IDisposable
{
    private readonly long capacity;
    private nint address;

    internal CudaBuffer(CudaDevice device, nint address, long byteLength, long capacity)
    {
        (Device, this.address, ByteLength, this.capacity) = (device, address, byteLength, capacity);
    }

    ~CudaBuffer() => Release();

    /// <summary>Where it lies.</summary>
    public CudaDevice Device { get; }

    /// <summary>How many bytes may be used.</summary>
    public long ByteLength { get; }

    /// <summary>The device's address of the first byte.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed.</exception>
    public nint Address => address != 0 ? address : throw Throw.CudaBufferDisposed(Device.Name, ByteLength);

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Release();
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref address, 0) is var given && given != 0)
        {
            Device.Pool.Return(given, capacity);
        }
    }
}
