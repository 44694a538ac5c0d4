using System.Runtime.InteropServices;
using System.Text;

namespace TensorCell.Kernels;

/// <summary>
/// The CUDA driver API of the NVIDIA driver (libcuda.so.1, nvcuda.dll), loaded when it is first asked for. Functions whose meaning has
/// changed once carry the suffix _v2 in the library, as cuda.h maps them.
/// </summary>
internal sealed unsafe class CudaDriver : ICudaDriver
{
    private const int JitErrorLog = 5;
    private const int JitErrorLogBytes = 6;
    private const int LogBytes = 16 << 10;
    private const uint NonBlocking = 1;

    private readonly nint libcuda;
    private readonly delegate* unmanaged<nint, nint, uint, int*, void**, int> moduleLoad;
    private readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> launch;
    private readonly delegate* unmanaged<nint, int> contextSet;
    private readonly delegate* unmanaged<nint, nint, nuint, nint, int> copyToDevice;
    private readonly delegate* unmanaged<nint, nint, nuint, nint, int> copyToHost;
    private readonly delegate* unmanaged<nint, byte, nuint, nint, int> clear;
    private readonly delegate* unmanaged<nint, int> streamSynchronize;

    private CudaDriver(nint libcuda)
    {
        this.libcuda = libcuda;
        moduleLoad = (delegate* unmanaged<nint, nint, uint, int*, void**, int>)Export("cuModuleLoadDataEx");
        launch = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Export("cuLaunchKernel");
        contextSet = (delegate* unmanaged<nint, int>)Export("cuCtxSetCurrent");
        copyToDevice = (delegate* unmanaged<nint, nint, nuint, nint, int>)Export("cuMemcpyHtoDAsync_v2");
        copyToHost = (delegate* unmanaged<nint, nint, nuint, nint, int>)Export("cuMemcpyDtoHAsync_v2");
        clear = (delegate* unmanaged<nint, byte, nuint, nint, int>)Export("cuMemsetD8Async");
        streamSynchronize = (delegate* unmanaged<nint, int>)Export("cuStreamSynchronize");
        Check("cuInit", ((delegate* unmanaged<uint, int>)Export("cuInit"))(0));
    }

    /// <summary>The driver of this machine, or null with the reason why there is none.</summary>
    public static CudaDriver? Find(out string reason)
    {
        string[] names = OperatingSystem.IsWindows() ? ["nvcuda.dll"] : ["libcuda.so.1", "libcuda.so"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var libcuda))
            {
                try
                {
                    reason = "";
                    return new(libcuda);
                }
                catch (Exception error) when (error is CudaException or EntryPointNotFoundException)
                {
                    reason = $"{name} was found, but {error.Message}";
                    return null;
                }
            }
        }

        reason = $"no NVIDIA driver was found (looked for {string.Join(" and ", names)})";
        return null;
    }

    /// <inheritdoc/>
    public int CountDevices()
    {
        int count;
        Check("cuDeviceGetCount", ((delegate* unmanaged<int*, int>)Export("cuDeviceGetCount"))(&count));
        return count;
    }

    /// <inheritdoc/>
    public string Name(int device)
    {
        var name = stackalloc byte[256];
        Check("cuDeviceGetName", ((delegate* unmanaged<byte*, int, int, int>)Export("cuDeviceGetName"))(name, 256, Handle(device)));
        return Marshal.PtrToStringUTF8((nint)name) ?? "";
    }

    /// <inheritdoc/>
    public long MemoryBytes(int device)
    {
        nuint bytes;
        Check("cuDeviceTotalMem", ((delegate* unmanaged<nuint*, int, int>)Export("cuDeviceTotalMem_v2"))(&bytes, Handle(device)));
        return (long)bytes;
    }

    /// <inheritdoc/>
    public int Attribute(int device, CudaAttribute attribute)
    {
        int value;
        Check(
            "cuDeviceGetAttribute",
            ((delegate* unmanaged<int*, int, int, int>)Export("cuDeviceGetAttribute"))(&value, (int)attribute, Handle(device)));
        return value;
    }

    /// <inheritdoc/>
    public nint RetainContext(int device)
    {
        nint context;
        Check(
            "cuDevicePrimaryCtxRetain",
            ((delegate* unmanaged<nint*, int, int>)Export("cuDevicePrimaryCtxRetain"))(&context, Handle(device)));
        return context;
    }

    /// <inheritdoc/>
    public void SetContext(nint context) => Check("cuCtxSetCurrent", contextSet(context));

    /// <inheritdoc/>
    public nint CreateStream()
    {
        nint stream;
        Check("cuStreamCreate", ((delegate* unmanaged<nint*, uint, int>)Export("cuStreamCreate"))(&stream, NonBlocking));
        return stream;
    }

    /// <inheritdoc/>
    public void Synchronize(nint stream) => Check("cuStreamSynchronize", streamSynchronize(stream));

    /// <inheritdoc/>
    public nint Allocate(long bytes)
    {
        nint address;
        Check("cuMemAlloc", ((delegate* unmanaged<nint*, nuint, int>)Export("cuMemAlloc_v2"))(&address, (nuint)bytes));
        return address;
    }

    /// <inheritdoc/>
    public void Free(nint address) => Check("cuMemFree", ((delegate* unmanaged<nint, int>)Export("cuMemFree_v2"))(address));

    /// <inheritdoc/>
    public void CopyToDevice(nint device, nint host, long bytes, nint stream) =>
        Check("cuMemcpyHtoDAsync", copyToDevice(device, host, (nuint)bytes, stream));

    /// <inheritdoc/>
    public void CopyToHost(nint host, nint device, long bytes, nint stream) =>
        Check("cuMemcpyDtoHAsync", copyToHost(host, device, (nuint)bytes, stream));

    /// <inheritdoc/>
    public void Clear(nint address, long bytes, nint stream) => Check("cuMemsetD8Async", clear(address, 0, (nuint)bytes, stream));

    /// <inheritdoc/>
    public nint LoadModule(string text)
    {
        var image = Encoding.ASCII.GetBytes(text + "\0");
        var log = new byte[LogBytes];
        fixed (byte* source = image, errors = log)
        {
            var options = stackalloc int[] { JitErrorLog, JitErrorLogBytes };
            var values = stackalloc void*[] { errors, (void*)(nint)(LogBytes - 1) };
            nint module;
            var code = moduleLoad((nint)(&module), (nint)source, 2, options, values);
            if (code != 0)
            {
                var said = Marshal.PtrToStringUTF8((nint)errors);
                throw Throw.CudaFailed(code, "cuModuleLoadDataEx", $"{ErrorText(code)}{(string.IsNullOrWhiteSpace(said) ? "" : ": " + said.Trim())}");
            }

            return module;
        }
    }

    /// <inheritdoc/>
    public void UnloadModule(nint module) => Check("cuModuleUnload", ((delegate* unmanaged<nint, int>)Export("cuModuleUnload"))(module));

    /// <inheritdoc/>
    public nint Function(nint module, string entry)
    {
        nint function;
        fixed (byte* name = Encoding.ASCII.GetBytes(entry + "\0"))
        {
            Check(
                "cuModuleGetFunction",
                ((delegate* unmanaged<nint*, nint, byte*, int>)Export("cuModuleGetFunction"))(&function, module, name));
        }

        return function;
    }

    /// <inheritdoc/>
    public void Launch(nint function, ReadOnlySpan<int> grid, ReadOnlySpan<int> block, ReadOnlySpan<nint> parameters, nint stream)
    {
        fixed (nint* pointers = parameters)
        {
            Check(
                "cuLaunchKernel",
                launch(
                    function,
                    (uint)grid[0],
                    (uint)grid[1],
                    (uint)grid[2],
                    (uint)block[0],
                    (uint)block[1],
                    (uint)block[2],
                    0,
                    stream,
                    (void**)pointers,
                    null));
        }
    }

    /// <inheritdoc/>
    public nint CreateEvent()
    {
        nint mark;
        Check("cuEventCreate", ((delegate* unmanaged<nint*, uint, int>)Export("cuEventCreate"))(&mark, 0));
        return mark;
    }

    /// <inheritdoc/>
    public void RecordEvent(nint mark, nint stream) =>
        Check("cuEventRecord", ((delegate* unmanaged<nint, nint, int>)Export("cuEventRecord"))(mark, stream));

    /// <inheritdoc/>
    public double Milliseconds(nint start, nint end)
    {
        var synchronize = (delegate* unmanaged<nint, int>)Export("cuEventSynchronize");
        Check("cuEventSynchronize", synchronize(start));
        Check("cuEventSynchronize", synchronize(end));
        float milliseconds;
        Check("cuEventElapsedTime", ((delegate* unmanaged<float*, nint, nint, int>)Export("cuEventElapsedTime"))(&milliseconds, start, end));
        return milliseconds;
    }

    /// <inheritdoc/>
    public void DestroyEvent(nint mark) => Check("cuEventDestroy", ((delegate* unmanaged<nint, int>)Export("cuEventDestroy_v2"))(mark));

    private int Handle(int device)
    {
        int handle;
        Check("cuDeviceGet", ((delegate* unmanaged<int*, int, int>)Export("cuDeviceGet"))(&handle, device));
        return handle;
    }

    private nint Export(string name) => NativeLibrary.GetExport(libcuda, name);

    private void Check(string call, int code)
    {
        if (code != 0)
        {
            throw Throw.CudaFailed(code, call, ErrorText(code));
        }
    }

    private string ErrorText(int code)
    {
        byte* name = null;
        byte* text = null;
        ((delegate* unmanaged<int, byte**, int>)Export("cuGetErrorName"))(code, &name);
        ((delegate* unmanaged<int, byte**, int>)Export("cuGetErrorString"))(code, &text);
        return $"{Marshal.PtrToStringUTF8((nint)name) ?? "error"} {code}, {Marshal.PtrToStringUTF8((nint)text) ?? "unknown"}";
    }
}
