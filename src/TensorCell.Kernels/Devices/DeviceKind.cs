namespace TensorCell.Kernels;

/// <summary>What kind of hardware a <see cref="Device"/> is.</summary>
public enum DeviceKind
{
    /// <summary>The processor's cores, through their SIMD units.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}
