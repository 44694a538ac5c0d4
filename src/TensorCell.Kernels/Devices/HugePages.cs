using System.Runtime.InteropServices;

namespace TensorCell.Kernels;

/// <summary>
/// Asks Linux to back large arrays with pages of 2 MiB: one page fault instead of 512, and fewer misses of the address cache.
/// </summary>
internal static unsafe partial class HugePages
{
    private const nint PageBytes = 2 << 20;
    private const int AdviseHugePage = 14;

    /// <summary>Advises the whole pages of an array; a refusal leaves small pages, which work as well.</summary>
    public static void Advise(CacheLine[] lines)
    {
        var bytes = (nint)CpuBuffer.BytesOf(lines);
        if (!OperatingSystem.IsLinux() || bytes < 2 * PageBytes)
        {
            return;
        }

        var first = (Marshal.UnsafeAddrOfPinnedArrayElement(lines, 0) + PageBytes - 1) & -PageBytes;
        var end = (Marshal.UnsafeAddrOfPinnedArrayElement(lines, 0) + bytes) & -PageBytes;
        _ = AdviseMemory(first, (nuint)(end - first), AdviseHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int AdviseMemory(nint address, nuint length, int advice);
}
