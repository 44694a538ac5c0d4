using TensorCell.Kernels;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>Adds up what the engine tells of its work.</summary>
internal sealed class WorkListener
{
    private readonly Lock gate = new();
    private double flops;
    private double bytes;
    private double parsedBytes;
    private bool flopsAreLeast;
    private string? device;

    public void Add(TraceEvent traceEvent)
    {
        lock (gate)
        {
            if (traceEvent.Kind is TraceKind.Kernel or TraceKind.Copy)
            {
                flops += traceEvent.Flops;
                flopsAreLeast |= traceEvent.FlopsAreLeast;
                bytes += traceEvent.Bytes;
                device = traceEvent.Device;
            }
            else if (traceEvent.Kind == TraceKind.Parse)
            {
                parsedBytes += traceEvent.Bytes;
            }
        }
    }

    /// <summary>The sum; bytes parsed from files count only where no kernel ran, and against no limit.</summary>
    public TracedWork Total(DType dtype)
    {
        lock (gate)
        {
            return device is null ? new(0, parsedBytes, null) : new(flopsAreLeast ? 0 : flops, bytes, RoofOf(FindDevice(device), dtype));
        }
    }

    public static DeviceRoof RoofOf(Device device, DType dtype)
    {
        var limits = device.Limits;
        return new(device.Name, limits.Flops(dtype), Math.Max(limits.CopyBytesPerSecond, limits.ReadBytesPerSecond));
    }

    private static Device FindDevice(string name) =>
        Device.All.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase)) ?? Device.Default;
}
