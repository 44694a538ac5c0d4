namespace TensorCell.Kernels;

/// <summary>The errors of CUDA devices.</summary>
internal static partial class Throw
{
    public static CudaException CudaFailed(int code, string call, string said) => new(code, $"cuda: {call} failed: {said}");

    public static InsufficientMemoryException CudaMemory(string device, long asked, long inUse, long total, Exception cause) => new(
        $"{device}: {Size(asked)} asked while {Size(inUse)} of its {Size(total)} are in use by tensors; dispose tensors that are no longer needed, work in smaller pieces, or move some to the CPU with .To(\"cpu\")",
        cause);

    public static ObjectDisposedException CudaBufferDisposed(string device, long bytes) =>
        new(nameof(CudaBuffer), $"memory: this buffer of {Size(bytes)} on {device} has been disposed");

    public static ArgumentException UnknownCudaDevice(string name, IEnumerable<Device> all, string reason) => new(
        $"device: there is no '{name}': {reason}; this machine has {string.Join(", ", all)}", nameof(name));

    public static ArgumentException MixedDevices(string kernel, string first, string firstDevice, string second, string secondDevice) => new(
        $"kernel {kernel}: {first} is on {firstDevice} and {second} on {secondDevice}; move them to one device with .To(\"{firstDevice}\")");

    public static NotSupportedException TooManyParameters(string kernel, int bytes, int most) => new(
        $"kernel {kernel}: its arguments take {bytes} bytes; a GPU takes at most {most}: give it fewer views, or views of fewer dimensions");

    public static NotSupportedException TooManyItems(string kernel, long count) =>
        new($"kernel {kernel}: {count} elements along one axis; a GPU runs at most {int.MaxValue}: work in smaller pieces");
}
