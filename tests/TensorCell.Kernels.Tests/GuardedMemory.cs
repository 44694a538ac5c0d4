using System.Runtime.InteropServices;

namespace TensorCell.Kernels.Tests;

/// <summary>
/// Memory between two pages that nobody may touch, on Linux: an access one byte beyond an array placed against either of them ends the process,
/// where it would go unnoticed in an ordinary heap.
/// </summary>
public sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int NoAccess = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private static readonly nuint page = (nuint)Environment.SystemPageSize;
    private readonly byte* mapping;
    private readonly nuint length;

    /// <summary>Reserves the memory.</summary>
    /// <param name="capacity">At least how many bytes lie between the guards.</param>
    public GuardedMemory(int capacity)
    {
        Capacity = (int)(((nuint)capacity + page - 1) / page * page);
        length = (nuint)Capacity + (2 * page);
        mapping = Map(null, length, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, (nint)mapping);
        Assert.Equal(0, Protect(mapping, page, NoAccess));
        Assert.Equal(0, Protect(mapping + page + Capacity, page, NoAccess));
    }

    /// <summary>Bytes between the guards.</summary>
    public int Capacity { get; }

    /// <summary>Skips the running test where there are no such pages.</summary>
    public static void SkipUnlessSupported() => Assert.SkipUnless(OperatingSystem.IsLinux(), "guard pages are mapped by Linux calls");

    /// <summary>An array of <paramref name="bytes"/> bytes that begins after the first guard or ends before the second.</summary>
    public byte* Place(int bytes, bool atEnd)
    {
        Assert.InRange(bytes, 0, Capacity);
        return mapping + page + (atEnd ? Capacity - bytes : 0);
    }

    /// <summary>A buffer of just so many bytes against one of the guards of memory of its own, which goes with it.</summary>
    public static CpuBuffer Allocate(long bytes, bool atEnd)
    {
        var memory = new GuardedMemory(checked((int)bytes));
        return CpuBuffer.Wrap((nint)memory.Place((int)bytes, atEnd), bytes, memory.Dispose);
    }

    /// <summary>All bytes between the guards.</summary>
    public Span<byte> Bytes() => new(mapping + page, Capacity);

    public void Dispose() => Assert.Equal(0, Unmap(mapping, length));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(byte* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nuint length);
}
