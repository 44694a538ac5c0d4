using System.Diagnostics.CodeAnalysis;

namespace TensorCell.Kernels;

/// <summary>The errors of the devices.</summary>
internal static partial class Throw
{
    [DoesNotReturn]
    public static void ThreadCount(int asked, int maximum) => throw new ArgumentOutOfRangeException(
        nameof(Workers.ThreadCount), asked, $"threads: {asked} asked; from 1 to {maximum} can be had");

    [DoesNotReturn]
    public static Device UnknownDevice(string name, IEnumerable<Device> all) => throw new ArgumentException(
        $"device: there is no '{name}'; this machine has {string.Join(", ", all)}", nameof(name));

    [DoesNotReturn]
    public static void NegativeByteLength(long byteLength) => throw new ArgumentOutOfRangeException(
        nameof(byteLength), byteLength, $"memory: {byteLength} bytes asked; a length is 0 or more");

    [DoesNotReturn]
    public static void NullAddress(long byteLength) => throw new ArgumentNullException(
        "address", $"memory: {byteLength} bytes to wrap at address 0; give the address of the first byte");

    [DoesNotReturn]
    public static void OutOfBudget(long asked, long inUse, long budget, Exception? cause) => throw new InsufficientMemoryException(
        $"memory: {Size(asked)} asked while tensors hold {Size(inUse)} of the {Size(budget)} they may use; dispose tensors that "
        + $"are no longer needed, work in smaller pieces, or raise {nameof(CpuBuffer)}.{nameof(CpuBuffer.Budget)}",
        cause);

    [DoesNotReturn]
    public static void BufferDisposed(long byteLength) => throw new ObjectDisposedException(
        nameof(CpuBuffer), $"memory: this buffer of {Size(byteLength)} has been disposed");

    [DoesNotReturn]
    public static void SpanTooLong(long elements, string type) => throw new OverflowException(
        $"memory: {elements} elements of {type} do not fit one span, which holds {int.MaxValue}; take a slice");

    private static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => $"{bytes / 1024.0:0.#} KiB",
        < 1 << 30 => $"{bytes / 1048576.0:0.#} MiB",
        _ => $"{bytes / 1073741824.0:0.##} GiB",
    };
}
