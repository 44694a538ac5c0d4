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
        long[] ends = Ends(mask, count);
        long found = ends[^1];
        Storage places = Storage.Allocate(found * sizeof(long));
        nint address = places.Address;
        ForBlocks(ends.Length - 1, block => Fill(
            mask + ((long)block * Block), Length(block, count), (long)block * Block, (long*)address + ends[block]));
        GC.KeepAlive(places);
        return new Value(Layout.Of(Shape.Of((int)found)), DType.Int64, places);
    }

    /// <summary>How many elements of a mask are not zero before each stretch of <see cref="Block"/> elements, and in all.</summary>
    /// <param name="mask">The first byte of the mask.</param>
    /// <param name="count">How many there are.</param>
    public static long[] Ends(byte* mask, long count)
    {
        int blocks = checked((int)((count + Block - 1) / Block));
        long[] ends = new long[blocks + 1];
        ForBlocks(blocks, block => ends[block + 1] = Count(mask + ((long)block * Block), Length(block, count)));
        for (int block = 0; block < blocks; block++)
        {
            ends[block + 1] += ends[block];
        }

        if (ends[^1] > int.MaxValue)
        {
            Throw.NotSupported($"nonzero: the mask holds at {ends[^1]} places, more than an axis can have");
        }

        return ends;
    }

    /// <summary>Copies the elements where a mask holds, one after the other.</summary>
    /// <param name="mask">The first byte of the mask.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="ends">What <see cref="Ends"/> gave for it.</param>
    /// <param name="from">The first element.</param>
    /// <param name="to">Where the first goes that is copied.</param>
    public static void Select<T>(byte* mask, long count, long[] ends, T* from, T* to)
        where T : unmanaged => ForBlocks(ends.Length - 1, block => Select(
            mask + ((long)block * Block), Length(block, count), from + ((long)block * Block), to + ends[block]));

    private static int Length(int block, long count) => (int)Math.Min(Block, count - ((long)block * Block));

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Select<T>(byte* mask, int length, T* from, T* to)
        where T : unmanaged
    {
        int done = 0;
        for (; done <= length - Vector256<byte>.Count; done += Vector256<byte>.Count)
        {
            uint bits = Holds(mask + done);
            if (bits == uint.MaxValue)
            {
                new ReadOnlySpan<T>(from + done, Vector256<byte>.Count).CopyTo(new Span<T>(to, Vector256<byte>.Count));
                to += Vector256<byte>.Count;
                continue;
            }

            for (; bits != 0; bits &= bits - 1)
            {
                *to++ = from[done + BitOperations.TrailingZeroCount(bits)];
            }
        }

        for (; done < length; done++)
        {
            if (mask[done] != 0)
            {
                *to++ = from[done];
            }
        }
    }

    /// <summary>One bit for each of 32 bytes: whether it is not zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Holds(byte* mask) => ~Vector256.Equals(Vector256.Load(mask), Vector256<byte>.Zero).ExtractMostSignificantBits();
}
