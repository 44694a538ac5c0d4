using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>Where a mask holds.</summary>
internal static unsafe class MaskPositions
{
    private const int Block = 1 << 16;

    /// <summary>The row-major places of the elements that are not zero, ascending, as i64.</summary>
    /// <param name="mask">The first byte of the mask.</param>
    /// <param name="count">How many there are.</param>
    public static Value Of(byte* mask, long count)
    {
        int blocks = checked((int)((count + Block - 1) / Block));
        long[] ends = new long[blocks];
        ForBlocks(blocks, block => ends[block] = Count(mask + ((long)block * Block), Length(block)));
        for (int block = 1; block < blocks; block++)
        {
            ends[block] += ends[block - 1];
        }

        long found = blocks == 0 ? 0 : ends[^1];
        if (found > int.MaxValue)
        {
            Throw.NotSupported($"nonzero: the mask holds at {found} places, more than an axis can have");
        }

        Storage places = Storage.Allocate(found * sizeof(long));
        nint address = places.Address;
        ForBlocks(blocks, block =>
            Fill(mask + ((long)block * Block), Length(block), (long)block * Block, (long*)address + (block == 0 ? 0 : ends[block - 1])));
        GC.KeepAlive(places);
        return new Value(Layout.Of(Shape.Of((int)found)), DType.Int64, places);

        int Length(int block) => (int)Math.Min(Block, count - ((long)block * Block));
    }

    private static void ForBlocks(int blocks, Action<int> body)
    {
        if (blocks == 1)
        {
            body(0);
        }
        else
        {
            Workers.For(blocks, body);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Count(byte* mask, int length)
    {
        long count = 0;
        int done = 0;
        for (; done <= length - Vector256<byte>.Count; done += Vector256<byte>.Count)
        {
            count += BitOperations.PopCount(Holds(mask + done));
        }

        for (; done < length; done++)
        {
            count += mask[done] != 0 ? 1 : 0;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(byte* mask, int length, long first, long* places)
    {
        int done = 0;
        for (; done <= length - Vector256<byte>.Count; done += Vector256<byte>.Count)
        {
            for (uint bits = Holds(mask + done); bits != 0; bits &= bits - 1)
            {
                *places++ = first + done + BitOperations.TrailingZeroCount(bits);
            }
        }

        for (; done < length; done++)
        {
            if (mask[done] != 0)
            {
                *places++ = first + done;
            }
        }
    }

    /// <summary>One bit for each of 32 bytes: whether it is not zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Holds(byte* mask) => ~Vector256.Equals(Vector256.Load(mask), Vector256<byte>.Zero).ExtractMostSignificantBits();
}
