namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>The interpreter as this process's CUDA devices for a while; tests that use it share a collection, which runs alone.</summary>
[CollectionDefinition(nameof(InterpretedCuda), DisableParallelization = true)]
public sealed class InterpretedCuda : IDisposable
{
    internal InterpretedCuda(int devices = 1, long memoryBytes = 8 << 20)
    {
        Driver = new(devices, memoryBytes);
        CudaDevices.Use(Driver);
    }

    internal PtxCudaDriver Driver { get; }

    internal CudaDevice Device => CudaDevices.All[0];

    /// <inheritdoc/>
    public void Dispose() => CudaDevices.Use(null);
}
