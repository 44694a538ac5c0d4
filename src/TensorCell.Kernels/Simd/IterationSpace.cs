using System.Runtime.CompilerServices;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// The dimensions of a launch after those of length one are dropped, the rest are ordered as the leading operand lies in memory, and
/// neighbours that every operand steps through evenly are merged. Lives in memory that the caller provides.
/// </summary>
internal unsafe struct IterationSpace
{
    private readonly long* lengths;
    private readonly long* strides;
    private readonly int capacity;

    /// <summary>Longs that a space of a rank and number of operands needs.</summary>
    public static int Capacity(int rank, int operandCount) => (rank + 1) * (operandCount + 1);

    /// <param name="memory">At least <see cref="Capacity"/> longs.</param>
    /// <param name="rank">The rank before merging.</param>
    public IterationSpace(long* memory, int rank)
    {
        capacity = rank + 1;
        lengths = memory;
        strides = memory + capacity;
    }

    /// <summary>How many dimensions there are: at least one.</summary>
    public int Rank { get; private set; }

    /// <summary>How many elements there are.</summary>
    public long Count { get; private set; }

    /// <summary>The length of the innermost dimension.</summary>
    public readonly long InnerLength => lengths[Rank - 1];

    public readonly long Length(int dimension) => lengths[dimension];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long Stride(int operand, int dimension) => strides[(operand * capacity) + dimension];

    /// <summary>Bytes from one element to the next along the innermost dimension.</summary>
    public readonly long InnerStride(int operand) => strides[(operand * capacity) + Rank - 1];

    /// <summary>Whether the operand's elements follow one another over the whole space.</summary>
    public readonly bool IsContiguous(int operand, int size) => Rank == 1 && InnerStride(operand) == size;

    /// <summary>Appends a dimension inside the others.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="byteStrides">The byte strides of each operand along it.</param>
    public void Append(long length, ReadOnlySpan<long> byteStrides)
    {
        lengths[Rank] = length;
        for (var operand = 0; operand < byteStrides.Length; operand++)
        {
            strides[(operand * capacity) + Rank] = byteStrides[operand];
        }

        Rank++;
    }

    /// <summary>Merges dimensions and counts elements, after all were appended.</summary>
    /// <param name="operandCount">How many operands there are.</param>
    public void Merge(int operandCount)
    {
        var kept = 0;
        Count = 1;
        for (var d = 0; d < Rank; d++)
        {
            Count *= lengths[d];
            if (kept > 0 && Continues(kept - 1, d, operandCount))
            {
                Move(d, kept - 1, operandCount, lengths[kept - 1] * lengths[d]);
            }
            else
            {
                Move(d, kept, operandCount, lengths[d]);
                kept++;
            }
        }

        Rank = kept;
        if (Rank == 0)
        {
            lengths[0] = 1;
            for (var operand = 0; operand < operandCount; operand++)
            {
                strides[operand * capacity] = 0;
            }

            Rank = 1;
        }
    }

    /// <summary>Bytes from the operand's first element to the one at a position in the order of the space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long Offset(int operand, long position)
    {
        long offset = 0;
        for (var d = Rank - 1; d > 0; d--)
        {
            var outer = position / lengths[d];
            offset += (position - (outer * lengths[d])) * Stride(operand, d);
            position = outer;
        }

        return offset + (position * Stride(operand, 0));
    }

    private readonly bool Continues(int outer, int inner, int operandCount)
    {
        for (var operand = 0; operand < operandCount; operand++)
        {
            if (Stride(operand, outer) != Stride(operand, inner) * lengths[inner])
            {
                return false;
            }
        }

        return true;
    }

    private readonly void Move(int from, int to, int operandCount, long length)
    {
        lengths[to] = length;
        for (var operand = 0; operand < operandCount; operand++)
        {
            strides[(operand * capacity) + to] = Stride(operand, from);
        }
    }
}
