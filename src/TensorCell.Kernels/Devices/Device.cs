namespace TensorCell.Kernels;

/// <summary>Hardware that holds tensors and runs kernels.</summary>
public abstract class Device
{
    private static Device current = CpuDevice.Instance;

    private protected Device()
    {
    }

    /// <summary>The processor of this machine.</summary>
    public static CpuDevice Cpu => CpuDevice.Instance;

    /// <summary>Every device of this machine that the engine can use.</summary>
    public static IReadOnlyList<Device> All => [CpuDevice.Instance, .. CudaDevices.All];

    /// <summary>The device that new tensors live on.</summary>
    public static Device Default
    {
        get => Volatile.Read(ref current);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref current, value);
        }
    }

    /// <summary>The short name it is chosen by: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What its maker calls it, such as the processor's model name.</summary>
    public abstract string Description { get; }

    /// <summary>What kind of hardware it is.</summary>
    public abstract DeviceKind Kind { get; }

    /// <summary>
    /// What it can do at best. The first use measures it, which takes up to a second and a half; later uses are free.
    /// </summary>
    public abstract DeviceLimits Limits { get; }

    /// <summary>Bytes of memory that tensors can fill.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>The device chosen by <paramref name="name"/>, whatever its case.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static Device Find(string name) =>
        string.Equals(name, CpuDevice.Instance.Name, StringComparison.OrdinalIgnoreCase)
            ? CpuDevice.Instance
            : All.FirstOrDefault(device => string.Equals(device.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? (name.StartsWith("cuda", StringComparison.OrdinalIgnoreCase)
                ? throw Throw.UnknownCudaDevice(name, All, CudaDevices.Reason)
                : Throw.UnknownDevice(name, All));

    /// <summary>Waits until everything launched on it is done.</summary>
    public abstract void Synchronize();

    /// <inheritdoc/>
    public override string ToString() => Name;
}
