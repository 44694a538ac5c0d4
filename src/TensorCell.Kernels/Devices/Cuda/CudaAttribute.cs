namespace TensorCell.Kernels;

/// <summary>The attributes of a CUDA device that the engine asks for, by the driver's numbers (CUdevice_attribute).</summary>
internal enum CudaAttribute
{
    MultiprocessorCount = 16,
    L2CacheBytes = 38,
    ThreadsPerMultiprocessor = 39,
    CapabilityMajor = 75,
    CapabilityMinor = 76,
}
