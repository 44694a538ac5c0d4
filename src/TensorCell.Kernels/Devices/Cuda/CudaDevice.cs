using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Ptx;

namespace TensorCell.Kernels;

/// <summary>An NVIDIA GPU, driven through the driver alone. What is launched on it runs in one queue, in order.</summary>
public sealed unsafe class CudaDevice : Device
{
    private const int MostParameterBytes = 4096;

    private readonly Lock opening = new();
    private readonly Lock measuring = new();
    private (nint Context, nint Stream)? opened;
    private DeviceLimits? limits;

    internal CudaDevice(ICudaDriver driver, int ordinal)
    {
        (Driver, Ordinal) = (driver, ordinal);
        MemoryBytes = driver.MemoryBytes(ordinal);
        var (major, minor) = (driver.Attribute(ordinal, CudaAttribute.CapabilityMajor), driver.Attribute(ordinal, CudaAttribute.CapabilityMinor));
        Description = $"{driver.Name(ordinal)} (compute capability {major}.{minor})";
        Pool = new(this);
        Modules = new(this);
    }

    /// <inheritdoc/>
    public override string Name => $"cuda:{Ordinal}";

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override DeviceKind Kind => DeviceKind.Cuda;

    /// <inheritdoc/>
    public override DeviceLimits Limits
    {
        get
        {
            lock (measuring)
            {
                return limits ??= CudaLimits.Measure(this);
            }
        }
    }

    /// <inheritdoc/>
    public override long MemoryBytes { get; }

    internal ICudaDriver Driver { get; }

    internal int Ordinal { get; }

    internal CudaPool Pool { get; }

    internal CudaModules Modules { get; }

    /// <summary>The queue that all its work goes to.</summary>
    internal nint Stream => Opened.Stream;

    /// <summary>Opened at the first use; where that fails, as on a device whose memory others fill, the next use tries again.</summary>
    private (nint Context, nint Stream) Opened
    {
        get
        {
            lock (opening)
            {
                return opened ??= Open();
            }
        }
    }

    /// <inheritdoc/>
    public override void Synchronize()
    {
        Enter();
        Driver.Synchronize(Stream);
    }

    /// <summary>Makes the calling thread's calls go to this device.</summary>
    internal void Enter() => Driver.SetContext(Opened.Context);

    /// <summary>Sets all bytes of a buffer to zero, in its turn.</summary>
    internal void Clear(CudaBuffer buffer)
    {
        Enter();
        Driver.Clear(buffer.Address, buffer.ByteLength, Stream);
    }

    /// <summary>Copies bytes of the host to the device, and waits for it.</summary>
    internal void CopyFrom(CudaBuffer target, long offset, nint source, long bytes)
    {
        Enter();
        Driver.CopyToDevice(target.Address + (nint)offset, source, bytes, Stream);
        Driver.Synchronize(Stream);
        GC.KeepAlive(target);
    }

    /// <summary>Copies bytes of the device to the host, and waits for it and for all work before.</summary>
    internal void CopyTo(nint target, CudaBuffer source, long offset, long bytes)
    {
        Enter();
        Driver.CopyToHost(target, source.Address + (nint)offset, bytes, Stream);
        Driver.Synchronize(Stream);
        GC.KeepAlive(source);
    }

    /// <summary>Launches a kernel; waits for it only if an item of it may record an error.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="views">One view for each of the program's; whoever owns them keeps them alive.</param>
    /// <param name="uniforms">The values of all uniforms.</param>
    /// <param name="extents">Items along X, Y and Z.</param>
    /// <exception cref="IndexOutOfRangeException">An access was out of range.</exception>
    /// <exception cref="DivideByZeroException">An integer was divided by zero.</exception>
    internal void Launch(PtxKernel kernel, ReadOnlySpan<PtxView> views, ReadOnlySpan<Scalar> uniforms, ReadOnlySpan<int> extents)
    {
        Interruption.Check();
        Enter();
        using var record = kernel.CanFail ? Pool.Rent(PtxFailure.Size) : null;
        if (record is not null)
        {
            Clear(record);
        }

        var launch = PtxLaunch.Of(kernel, views, uniforms, extents, record?.Address ?? 0);
        if (launch.Parameters.Length > MostParameterBytes)
        {
            throw Throw.TooManyParameters(kernel.Program.Name, launch.Parameters.Length, MostParameterBytes);
        }

        fixed (byte* bytes = launch.Parameters)
        {
            var pointers = new nint[launch.Offsets.Length];
            for (var i = 0; i < pointers.Length; i++)
            {
                pointers[i] = (nint)(bytes + launch.Offsets[i]);
            }

            Modules.Launch(kernel, launch, pointers);
        }

        if (record is not null)
        {
            PtxFailure failure;
            CopyTo((nint)(&failure), record, 0, PtxFailure.Size);
            if (failure.IsClaimed != 0)
            {
                throw failure.ToException(kernel.Program);
            }
        }
    }

    private (nint Context, nint Stream) Open()
    {
        var context = Driver.RetainContext(Ordinal);
        Driver.SetContext(context);
        return (context, Driver.CreateStream());
    }
}
