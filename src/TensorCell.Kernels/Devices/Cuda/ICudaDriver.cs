namespace TensorCell.Kernels;

/// <summary>
/// What the engine asks of the CUDA driver. Everything but devices and contexts works in the calling thread's context; a failure is a
/// <see cref="CudaException"/>.
/// </summary>
internal interface ICudaDriver
{
    /// <summary>How many devices there are.</summary>
    int CountDevices();

    /// <summary>What its maker calls a device.</summary>
    string Name(int device);

    /// <summary>Bytes of a device's memory.</summary>
    long MemoryBytes(int device);

    /// <summary>An attribute of a device.</summary>
    int Attribute(int device, CudaAttribute attribute);

    /// <summary>The context that all users of a device share in this process.</summary>
    nint RetainContext(int device);

    /// <summary>Makes a context the calling thread's.</summary>
    void SetContext(nint context);

    /// <summary>A queue of work that does not wait for other queues.</summary>
    nint CreateStream();

    /// <summary>Waits until all work of a stream is done.</summary>
    void Synchronize(nint stream);

    /// <summary>Memory on the device, its content undefined.</summary>
    nint Allocate(long bytes);

    /// <summary>Frees memory once all work that may use it is done.</summary>
    void Free(nint address);

    /// <summary>Enqueues a copy from host to device memory.</summary>
    void CopyToDevice(nint device, nint host, long bytes, nint stream);

    /// <summary>Enqueues a copy from device to host memory.</summary>
    void CopyToHost(nint host, nint device, long bytes, nint stream);

    /// <summary>Enqueues setting bytes to zero.</summary>
    void Clear(nint address, long bytes, nint stream);

    /// <summary>Compiles a module of PTX; what the compiler says of an error is in the exception.</summary>
    nint LoadModule(string text);

    /// <summary>Forgets a module.</summary>
    void UnloadModule(nint module);

    /// <summary>The entry of a module.</summary>
    nint Function(nint module, string entry);

    /// <summary>Enqueues a launch.</summary>
    /// <param name="function">What runs.</param>
    /// <param name="grid">Blocks along X, Y and Z.</param>
    /// <param name="block">Threads of a block along X, Y and Z.</param>
    /// <param name="parameters">Where the bytes of each parameter lie; they are copied before the call returns.</param>
    /// <param name="stream">The stream.</param>
    void Launch(nint function, ReadOnlySpan<int> grid, ReadOnlySpan<int> block, ReadOnlySpan<nint> parameters, nint stream);

    /// <summary>A mark of time.</summary>
    nint CreateEvent();

    /// <summary>Enqueues setting a mark.</summary>
    void RecordEvent(nint mark, nint stream);

    /// <summary>Milliseconds from one mark to another; waits for both.</summary>
    double Milliseconds(nint start, nint end);

    /// <summary>Forgets a mark.</summary>
    void DestroyEvent(nint mark);
}
