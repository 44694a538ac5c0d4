using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Ordering;

/// <summary>
/// Sorts many short lines, one in each lane of a vector, by a network that exchanges the same elements in all of them: merge exchange (Batcher 1968;
/// Knuth's Algorithm M).
/// </summary>
internal sealed unsafe class LineNetwork<T, TRecord, TRule>
    where T : unmanaged
    where TRecord : unmanaged
    where TRule : struct, ISortRecord<T, TRecord>
{
    private const int LongestLine = 1024;
    private const int TaskLength = 1 << 14;

    private static readonly int lanes = Vector512<byte>.Count / sizeof(TRecord);

    private readonly SortTarget<T> target;
    private readonly long lines;
    private readonly int length;

    /// <summary>Prepares a sort.</summary>
    /// <param name="target">The lines and where they go.</param>
    /// <param name="lines">How many lines there are.</param>
    /// <param name="length">How many elements each has.</param>
    public LineNetwork(SortTarget<T> target, long lines, int length)
    {
        this.target = target;
        this.lines = lines;
        this.length = length;
    }

    /// <summary>Whether lines are so many and so short that a network is fastest.</summary>
    public static bool Serves(long lines, int length) =>
        (typeof(TRecord) == typeof(uint) || typeof(TRecord) == typeof(ulong)) && lines >= lanes && length <= LongestLine;

    /// <summary>Sorts all lines.</summary>
    public void Run()
    {
        long groups = (lines + lanes - 1) / lanes;
        int perTask = Math.Max(TaskLength / (length * lanes), 1);
        int tasks = checked((int)((groups + perTask - 1) / perTask));
        int threads = Math.Min(Workers.ThreadCount, tasks);

        // Blocks of four by four are transposed: beside the group's lines, filled up to a whole number of them, is room for them turned.
        int filled = (length + 3) & -4;
        long group = (long)filled * lanes;
        using CpuBuffer scratch = CpuBuffer.Allocate(2 * group * sizeof(TRecord) * threads);
        Workers.For(tasks, (task, participant) =>
        {
            TRecord* straight = (TRecord*)scratch.Address + (2 * group * participant);
            TRecord* turned = straight + group;
            long end = Math.Min((long)(task + 1) * perTask, groups);
            for (long index = (long)task * perTask; index < end; index++)
            {
                // The last group is filled up with lines of the one before it, which give the same again.
                Sort(Math.Min(index * lanes, lines - lanes), straight, turned, filled);
            }
        });
    }

    private void Sort(long first, TRecord* straight, TRecord* turned, int filled)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            TRule.Fill(target.Line + ((first + lane) * length), 0, length, target.Flip, straight + (lane * filled));
        }

        for (int lane = 0; lane < lanes; lane += 4)
        {
            TransposedBlocks.Run(straight + (lane * filled), filled, turned + lane, lanes, filled);
        }

        if (typeof(TRecord) == typeof(uint))
        {
            Exchange((uint*)turned, length);
        }
        else
        {
            Exchange((ulong*)turned, length);
        }

        for (int index = 0; index < filled; index += 4)
        {
            TransposedBlocks.Run(turned + (index * lanes), lanes, straight + index, filled, lanes);
        }

        for (int lane = 0; lane < lanes; lane++)
        {
            TRule.Write(straight + (lane * filled), 0, length, target.Offset((first + lane) * length));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exchange<TKey>(TKey* records, int length)
        where TKey : unmanaged
    {
        int width = Vector512<TKey>.Count;
        int greatest = 1;
        while (greatest < length)
        {
            greatest <<= 1;
        }

        greatest >>= 1;
        for (int step = greatest; step > 0; step >>= 1)
        {
            int distance = step;
            int bit = 0;
            for (int reach = greatest; ; reach >>= 1)
            {
                for (int run = bit; run < length - distance; run += 2 * step)
                {
                    TKey* low = records + ((long)run * width);
                    TKey* end = records + ((long)Math.Min(run + step, length - distance) * width);
                    TKey* high = low + ((long)distance * width);
                    for (; low < end; low += width, high += width)
                    {
                        Vector512<TKey> first = Vector512.Load(low);
                        Vector512<TKey> second = Vector512.Load(high);
                        Vector512.Min(first, second).Store(low);
                        Vector512.Max(first, second).Store(high);
                    }
                }

                if (reach == step)
                {
                    break;
                }

                distance = reach - step;
                bit = step;
            }
        }
    }
}
