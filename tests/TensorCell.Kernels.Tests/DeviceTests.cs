using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests;

[Collection(nameof(EngineSettings))]
public sealed class DeviceTests
{
    [Fact]
    public void TheProcessorIsADeviceTheDefaultAndFoundByNameInAnyCase()
    {
        Assert.Contains(Device.Cpu, Device.All);
        Assert.Same(Device.Cpu, Device.Default);
        Assert.Same(Device.Cpu, Device.Find("CPU"));
        Assert.Equal(DeviceKind.Cpu, Device.Cpu.Kind);
        Assert.Equal("cpu", Device.Cpu.ToString());
        Assert.NotEmpty(Device.Cpu.Description);
        Assert.True(Device.Cpu.MemoryBytes > 0);
        Device.Cpu.Synchronize();
    }

    [Fact]
    public void AnUnknownDeviceIsAnsweredWithThoseThereAre()
    {
        var refusal = Assert.Throws<ArgumentException>(() => Device.Find("tpu"));
        Assert.Contains("there is no 'tpu'; this machine has cpu", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALimitWhoseMeasurementWasInterruptedIsMeasuredAgain()
    {
        var device = (CpuDevice)Activator.CreateInstance(typeof(CpuDevice), nonPublic: true)!;
        using (Interruption.Begin(new CancellationToken(canceled: true)))
        {
            Assert.Throws<OperationCanceledException>(() => device.Limits);
        }

        Assert.True(device.Limits.ReadBytesPerSecond > 0);
    }

    [Fact]
    public void LimitsAreMeasuredOnceAndPlausible()
    {
        var limits = Device.Cpu.Limits;
        Assert.Same(limits, Device.Cpu.Limits);
        Assert.Equal(Workers.ThreadCount, limits.Cores);
        Assert.Equal(VectorWidth.Bits, limits.SimdBits);
        Assert.True(limits.FlopsFloat32 > 1e8);
        Assert.True(limits.FlopsFloat64 > 1e8);
        Assert.True(limits.CopyBytesPerSecond > 1e7);
        Assert.True(limits.ReadBytesPerSecond > 1e7);
        Assert.Equal(limits.FlopsFloat64, limits.Flops(DType.Float64));
        Assert.NotEmpty(limits.Caches);
        Assert.True(limits.CacheBytes(1) >= 4096);
        Assert.Equal(0, limits.CacheBytes(9));
    }
}
