namespace TensorCell.Kernels;

/// <summary>The processor of this machine: all its cores and their SIMD units.</summary>
public sealed class CpuDevice : Device
{
    private readonly Lazy<string> description = new(CpuFacts.ModelName);
    private readonly Lock measuring = new();
    private DeviceLimits? limits;

    private CpuDevice()
    {
    }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <inheritdoc/>
    public override string Description => description.Value;

    /// <inheritdoc/>
    public override DeviceKind Kind => DeviceKind.Cpu;

    /// <inheritdoc/>
    public override DeviceLimits Limits
    {
        get
        {
            lock (measuring)
            {
                // Not a Lazy, which would keep an interruption of the first measurement for ever.
                return limits ??= CpuLimits.Measure();
            }
        }
    }

    /// <inheritdoc/>
    public override long MemoryBytes => CpuBuffer.Budget;

    internal static CpuDevice Instance { get; } = new();

    /// <summary>Nothing to wait for: work on the processor is done when its call returns.</summary>
    public override void Synchronize()
    {
    }
}
