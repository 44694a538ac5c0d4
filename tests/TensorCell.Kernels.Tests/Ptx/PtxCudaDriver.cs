using System.Diagnostics;

namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>A CUDA driver whose devices are the PTX interpreter over memory of the host.</summary>
internal sealed unsafe class PtxCudaDriver(int devices = 1, long memoryBytes = 8 << 20) : ICudaDriver, IDisposable
{
    private readonly PtxMemory memory = new();
    private readonly Lock access = new();
    private readonly Dictionary<nint, Dictionary<string, PtxProgram>> modules = [];
    private readonly Dictionary<nint, PtxProgram> functions = [];
    private readonly Dictionary<nint, long> marks = [];
    private nint last;

    /// <summary>Bytes that are allocated.</summary>
    public long BytesInUse => memory.InUse;

    /// <summary>How many launches there have been.</summary>
    public int Launches { get; private set; }

    /// <summary>How often something waited for the device.</summary>
    public int Waits { get; private set; }

    /// <summary>Whether others leave no memory for a context.</summary>
    public bool IsFull { get; set; }

    public int CountDevices() => devices;

    public string Name(int device) => $"Interpreter {device}";

    public long MemoryBytes(int device) => memoryBytes;

    public int Attribute(int device, CudaAttribute attribute) => attribute switch
    {
        CudaAttribute.MultiprocessorCount => 1,
        CudaAttribute.L2CacheBytes => 4 << 20,
        CudaAttribute.ThreadsPerMultiprocessor => 32,
        CudaAttribute.CapabilityMajor => 7,
        _ => 0,
    };

    public nint RetainContext(int device) => IsFull ? throw Throw.CudaFailed(2, "cuDevicePrimaryCtxRetain", "out of memory") : 100 + device;

    public void SetContext(nint context) => Assert.InRange(context, 100, 100 + devices);

    public nint CreateStream() => 1;

    public void Synchronize(nint stream) => Waits++;

    public nint Allocate(long bytes)
    {
        lock (access)
        {
            return memory.InUse + bytes <= memoryBytes ? memory.Allocate(bytes) : throw Throw.CudaFailed(2, "cuMemAlloc", "out of memory");
        }
    }

    public void Free(nint address)
    {
        lock (access)
        {
            memory.Free(address);
        }
    }

    public void CopyToDevice(nint device, nint host, long bytes, nint stream) => Copy(device, host, device, bytes);

    public void CopyToHost(nint host, nint device, long bytes, nint stream) => Copy(host, device, device, bytes);

    public void Clear(nint address, long bytes, nint stream)
    {
        Require(address, bytes);
        new Span<byte>((void*)address, (int)bytes).Clear();
    }

    public nint LoadModule(string text)
    {
        try
        {
            var loaded = PtxProgram.Load(text);
            modules.Add(++last, loaded);
            return last;
        }
        catch (PtxException error)
        {
            throw Throw.CudaFailed(218, "cuModuleLoadDataEx", error.Message);
        }
    }

    public void UnloadModule(nint module) => Assert.True(modules.Remove(module));

    public nint Function(nint module, string entry)
    {
        functions.Add(++last, modules[module][entry]);
        return last;
    }

    public void Launch(nint function, ReadOnlySpan<int> grid, ReadOnlySpan<int> block, ReadOnlySpan<nint> parameters, nint stream)
    {
        Launches++;
        var program = functions[function];
        var bytes = new byte[program.Entry.ParameterBytes];
        for (var i = 0; i < parameters.Length; i++)
        {
            var (_, type, offset) = program.Entry.Parameters[i];
            new ReadOnlySpan<byte>((void*)parameters[i], type.Size).CopyTo(bytes.AsSpan(offset));
        }

        program.Launch(memory, grid.ToArray(), block.ToArray(), bytes);
    }

    public nint CreateEvent() => ++last;

    public void RecordEvent(nint mark, nint stream) => marks[mark] = Stopwatch.GetTimestamp();

    public double Milliseconds(nint start, nint end) => Stopwatch.GetElapsedTime(marks[start], marks[end]).TotalMilliseconds;

    public void DestroyEvent(nint mark) => Assert.True(marks.Remove(mark));

    public void Dispose() => memory.Dispose();

    private void Copy(nint target, nint source, nint device, long bytes)
    {
        Require(device, bytes);
        Buffer.MemoryCopy((void*)source, (void*)target, bytes, bytes);
    }

    private void Require(nint address, long bytes)
    {
        lock (access)
        {
            if (bytes > 0 && memory.Problem((ulong)address, bytes, 1) is { } problem)
            {
                throw Throw.CudaFailed(1, "copy", problem);
            }
        }
    }
}
