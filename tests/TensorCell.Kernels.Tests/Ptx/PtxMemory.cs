using System.Runtime.InteropServices;

namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>The device memory of the interpreter: allocations of the host, and which of its bytes belong to them.</summary>
internal sealed unsafe class PtxMemory : IDisposable
{
    private readonly SortedList<ulong, long> allocations = [];

    /// <summary>Bytes that are allocated.</summary>
    public long InUse => allocations.Values.Sum();

    public nint Allocate(long bytes)
    {
        var address = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(1, bytes), 256);
        new Span<byte>((void*)address, (int)bytes).Fill(0xA5);
        allocations.Add((ulong)address, bytes);
        return address;
    }

    public void Free(nint address)
    {
        if (!allocations.Remove((ulong)address))
        {
            throw new InvalidOperationException($"free of {address:x}, which is not allocated");
        }

        NativeMemory.AlignedFree((void*)address);
    }

    /// <summary>What is wrong with an access, or null.</summary>
    public string? Problem(ulong address, long bytes, long alignment)
    {
        if (address % (ulong)alignment != 0)
        {
            return $"misaligned access of {bytes} bytes at {address:x}";
        }

        var (low, high) = (0, allocations.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (allocations.GetKeyAtIndex(middle) <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low > 0)
        {
            var start = allocations.GetKeyAtIndex(low - 1);
            if ((long)(address - start) + bytes <= allocations.GetValueAtIndex(low - 1))
            {
                return null;
            }
        }

        return $"access of {bytes} bytes at {address:x}, out of bounds of all allocations";
    }

    public void Dispose()
    {
        foreach (var address in allocations.Keys)
        {
            NativeMemory.AlignedFree((void*)(nint)address);
        }

        allocations.Clear();
    }
}
