using System.Runtime.InteropServices;

namespace TensorCell.Kernels;

/// <summary>Neighbouring blocks of a <see cref="Launch"/>, claimed one by one: by their owner from the first on, by others from the last back.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct LaunchPart
{
    // The first block that nobody has begun, and above it the one behind the last.
    private long blocks;
    private int isOwned;

    /// <summary>Whether there is a block that nobody has begun.</summary>
    public bool HasBlocks => First(Volatile.Read(ref blocks)) < End(Volatile.Read(ref blocks));

    /// <summary>Cuts blocks into parts of about the same number.</summary>
    public static LaunchPart[] Of(int blockCount, int partCount)
    {
        var parts = new LaunchPart[partCount];
        for (var i = 0; i < partCount; i++)
        {
            parts[i].blocks = ((long)blockCount * (i + 1) / partCount << 32) | ((long)blockCount * i / partCount);
        }

        return parts;
    }

    /// <summary>Makes the calling thread the owner, unless there is one.</summary>
    public bool TryOwn() => Volatile.Read(ref isOwned) == 0 && Interlocked.Exchange(ref isOwned, 1) == 0;

    /// <summary>Claims the first block, if there is one.</summary>
    public bool TryTakeFirst(out int block)
    {
        while (true)
        {
            var seen = Volatile.Read(ref blocks);
            block = First(seen);
            if (block >= End(seen))
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref blocks, seen + 1, seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>Claims the last block, if there is one.</summary>
    public bool TryTakeLast(out int block)
    {
        while (true)
        {
            var seen = Volatile.Read(ref blocks);
            block = End(seen) - 1;
            if (block < First(seen))
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref blocks, seen - (1L << 32), seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>Leaves no block to claim.</summary>
    public void Abandon() => Interlocked.Exchange(ref blocks, 0);

    private static int First(long blocks) => (int)blocks;

    private static int End(long blocks) => (int)(blocks >> 32);
}
