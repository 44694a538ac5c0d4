using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Ordering;

/// <summary>Gathers records that may be among the first few, and now and then keeps only those that are.</summary>
internal unsafe ref struct TopBuffer<T, TRecord, TRule>
    where T : unmanaged
    where TRecord : unmanaged
    where TRule : struct, ISortRecord<T, TRecord>
{
    private const int Chunk = 512;
    private const int LeastRoom = 1 << 10;

    /// <summary>Once so many times the wanted ones are there, what comes later can be judged by them.</summary>
    private const int LeastBounding = 4;

    private readonly TRecord* records;
    private readonly int wanted;
    private readonly int capacity;
    private int held;
    private bool isBounded;

    /// <summary>Makes a buffer.</summary>
    /// <param name="records">Room for twice its capacity.</param>
    /// <param name="wanted">How many records are wanted.</param>
    /// <param name="held">How many of the wanted are there already, in order.</param>
    public TopBuffer(TRecord* records, int wanted, int held = 0)
    {
        this.records = records;
        this.wanted = wanted;
        this.held = held;
        isBounded = held == wanted;
        capacity = Capacity(wanted);
    }

    /// <summary>How many records a buffer has to hold.</summary>
    public static int Capacity(int wanted) => checked((4 * wanted) + LeastRoom + Chunk);

    /// <summary>Adds elements of a line.</summary>
    /// <param name="target">The line.</param>
    /// <param name="begin">The first.</param>
    /// <param name="end">The one after the last.</param>
    [SkipLocalsInit]
    public void Add(in SortTarget<T> target, int begin, int end)
    {
        TRecord* chunk = stackalloc TRecord[Chunk];
        for (; begin < end; begin += Chunk)
        {
            int length = Math.Min(Chunk, end - begin);
            TRule.Fill(target.Line, begin, length, target.Flip, chunk);
            Add(chunk, length);
            Interruption.Check();
        }
    }

    /// <summary>Adds records.</summary>
    public void Add(TRecord* added, int count)
    {
        for (int begin = 0; begin < count; begin += Chunk)
        {
            if (held + Chunk > capacity || (!isBounded && held >= LeastBounding * wanted && held >= Chunk))
            {
                Reduce();
            }

            int length = Math.Min(Chunk, count - begin);
            held = isBounded ? AppendIfBefore(added + begin, length) : Append(added + begin, length);
        }
    }

    /// <summary>Puts the wanted records at the beginning, in order; at least as many have been added.</summary>
    public void Finish() => Reduce();

    private readonly int Append(TRecord* added, int count)
    {
        new ReadOnlySpan<TRecord>(added, count).CopyTo(new Span<TRecord>(records + held, count));
        return held + count;
    }

    /// <summary>Appends those that come before the last wanted one as far as is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly int AppendIfBefore(TRecord* added, int count)
    {
        TRecord bound = records[wanted - 1];
        TRecord* next = records + held;
        for (int index = 0; index < count; index++)
        {
            if (typeof(TRecord) == typeof(ulong) && index + Vector512<ulong>.Count <= count && !AnyBefore((ulong*)(added + index), bound))
            {
                index += Vector512<ulong>.Count - 1;
                continue;
            }

            *next = added[index];
            next += TRule.Precedes(added[index], bound) ? 1 : 0;
        }

        return (int)(next - records);
    }

    // Most records come after the bound, eight in a row of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AnyBefore(ulong* added, TRecord bound) =>
        Vector512.LessThanAny(Vector512.Load(added), Vector512.Create(Unsafe.BitCast<TRecord, ulong>(bound)));

    private void Reduce()
    {
        TRecord* sorted = RadixSort<T, TRecord, TRule>.Run(records, records + capacity, held, SortKey.Bits<T>());
        isBounded = held >= wanted;
        held = Math.Min(held, wanted);
        if (sorted != records)
        {
            new ReadOnlySpan<TRecord>(sorted, held).CopyTo(new Span<TRecord>(records, held));
        }
    }
}
