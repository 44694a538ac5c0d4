using System.Numerics;

namespace TensorCell.Kernels;

/// <summary>
/// Memory of a CUDA device that is kept for reuse, by size class: the driver's own allocation waits for the whole device. All work of a
/// device is in one queue, so memory may be given out again while work that used it is still to come.
/// </summary>
internal sealed class CudaPool(CudaDevice device)
{
    private const long SmallestBlock = 512;
    private readonly Dictionary<long, Stack<nint>> kept = [];
    private readonly Lock access = new();
    private long inUse;

    /// <summary>Bytes kept for reuse.</summary>
    public long BytesKept { get; private set; }

    /// <summary>Bytes given out.</summary>
    public long BytesInUse => Volatile.Read(ref inUse);

    /// <summary>A buffer of so many bytes.</summary>
    /// <exception cref="InsufficientMemoryException">The device's memory is exhausted, even after what was kept and dropped was freed.</exception>
    public CudaBuffer Rent(long byteLength)
    {
        if (byteLength < 0)
        {
            Throw.NegativeByteLength(byteLength);
        }

        var capacity = ClassOf(byteLength);
        var address = Take(capacity);
        if (address == 0)
        {
            device.Enter();
            try
            {
                address = device.Driver.Allocate(capacity);
            }
            catch (CudaException error) when (error.Code == CudaException.OutOfMemory)
            {
                address = AllocateAfterReclaiming(byteLength, capacity);
            }
        }

        Interlocked.Add(ref inUse, capacity);
        return new(device, address, byteLength, capacity);
    }

    /// <summary>Takes memory back; keeps it unless a quarter of the device's memory is kept already.</summary>
    public void Return(nint address, long capacity)
    {
        Interlocked.Add(ref inUse, -capacity);
        lock (access)
        {
            if (BytesKept + capacity <= device.MemoryBytes / 4)
            {
                if (!kept.TryGetValue(capacity, out var blocks))
                {
                    kept.Add(capacity, blocks = new());
                }

                blocks.Push(address);
                BytesKept += capacity;
                return;
            }
        }

        try
        {
            device.Enter();
            device.Driver.Free(address);
        }
        catch (CudaException)
        {
            // Memory comes back from finalizers too, where an error would end the process; the next launch tells of a device that has failed.
        }
    }

    /// <summary>Frees everything that is kept.</summary>
    public void Trim()
    {
        List<nint> freed;
        lock (access)
        {
            freed = [.. kept.Values.SelectMany(blocks => blocks)];
            kept.Clear();
            BytesKept = 0;
        }

        device.Enter();
        freed.ForEach(device.Driver.Free);
    }

    private nint Take(long capacity)
    {
        lock (access)
        {
            if (!kept.TryGetValue(capacity, out var blocks) || !blocks.TryPop(out var address))
            {
                return 0;
            }

            BytesKept -= capacity;
            return address;
        }
    }

    private nint AllocateAfterReclaiming(long byteLength, long capacity)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Trim();
        try
        {
            return device.Driver.Allocate(capacity);
        }
        catch (CudaException error) when (error.Code == CudaException.OutOfMemory)
        {
            throw Throw.CudaMemory(device.Name, byteLength, BytesInUse, device.MemoryBytes, error);
        }
    }

    /// <summary>The bytes really taken: eight classes to a power of two.</summary>
    private static long ClassOf(long byteLength)
    {
        var bytes = Math.Max(byteLength, SmallestBlock);
        var step = Math.Max(SmallestBlock, (long)BitOperations.RoundUpToPowerOf2((ulong)bytes) / 16);
        return (bytes + step - 1) / step * step;
    }
}
