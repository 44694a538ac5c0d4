using System.Numerics;
using System.Runtime.CompilerServices;
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

    /// <summary>Elements that are read twice, the second time from a cache.</summary>
    private const int BlockBytes = 1 << 16;

    /// <summary>Once so many times the wanted ones are there, it pays to keep only these.</summary>
    private const int LeastBounding = 4;

    private const int LeastReduced = 64;

    private readonly TRecord* records;
    private readonly int wanted;
    private readonly int capacity;
    private int held;

    /// <summary>What the keys of elements that come later must not exceed.</summary>
    private ulong limit = Unlimited;

    /// <summary>Whether no later element can be among the first.</summary>
    private bool isComplete;

    /// <summary>Makes a buffer.</summary>
    /// <param name="records">Room for twice its capacity.</param>
    /// <param name="wanted">How many records are wanted.</param>
    /// <param name="held">How many are there already.</param>
    public TopBuffer(TRecord* records, int wanted, int held = 0)
    {
        this.records = records;
        this.wanted = wanted;
        this.held = held;
        capacity = Capacity(wanted);
    }

    private static ulong Unlimited => ulong.MaxValue >> (64 - SortKey.Bits<T>());

    /// <summary>How many records a buffer has to hold.</summary>
    public static int Capacity(int wanted) => checked((4 * wanted) + LeastRoom + Chunk);

    /// <summary>Adds elements of a line that follow those added before.</summary>
    /// <param name="target">The line.</param>
    /// <param name="begin">The first.</param>
    /// <param name="end">The one after the last.</param>
    public void Add(in SortTarget<T> target, int begin, int end)
    {
        for (; begin < end && !isComplete; begin += BlockBytes / sizeof(T))
        {
            int length = Math.Min(BlockBytes / sizeof(T), end - begin);
            switch (sizeof(T))
            {
                case sizeof(byte):
                    AddBlock<byte>(target, begin, length);
                    break;
                case sizeof(ushort):
                    AddBlock<ushort>(target, begin, length);
                    break;
                case sizeof(uint):
                    AddBlock<uint>(target, begin, length);
                    break;
                default:
                    AddBlock<ulong>(target, begin, length);
                    break;
            }

            Interruption.Check();
        }
    }

    /// <summary>Adds records.</summary>
    public void Add(TRecord* added, int count)
    {
        for (int begin = 0; begin < count; begin += Chunk)
        {
            MakeRoom();
            int length = Math.Min(Chunk, count - begin);
            new ReadOnlySpan<TRecord>(added + begin, length).CopyTo(new Span<TRecord>(records + held, length));
            held += length;
        }
    }

    /// <summary>Puts the wanted records at the beginning, in order; at least as many have been added.</summary>
    public void Finish() => Reduce();

    private void AddBlock<TKey>(in SortTarget<T> target, int begin, int length)
        where TKey : unmanaged, IBinaryInteger<TKey>
    {
        if (held >= LeastReduced && held >= LeastBounding * wanted)
        {
            Reduce();
        }

        int first = 0;
        ulong before = limit;
        if ((limit != Unlimited || 2 * wanted <= length) && !HasCandidates<TKey>(target, begin, length))
        {
            first = TopScan<T, TKey>.WholeLanes(length);
        }

        ulong greatest = limit;
        for (; first < length && !isComplete; first += Chunk)
        {
            MakeRoom();
            int count = Math.Min(Chunk, length - first);
            if (limit == Unlimited)
            {
                TRule.Fill(target.Line, begin + first, count, target.Flip, records + held);
                held += count;
            }
            else
            {
                AddLimited<TKey>(target, begin + first, count);
            }
        }

        if (greatest != before)
        {
            // As many as wanted are held that are no greater, so that a later one has to be less.
            LimitBelow(greatest);
        }
    }

    /// <summary>Whether there may be elements within the limit in the whole vectors of a block; where there are enough, lowers the limit.</summary>
    [SkipLocalsInit]
    private bool HasCandidates<TKey>(in SortTarget<T> target, int begin, int length)
        where TKey : unmanaged, IBinaryInteger<TKey>
    {
        TKey* least = stackalloc TKey[TopScan<T, TKey>.MostLanes];
        int vectors = TopScan<T, TKey>.VectorsOf(length);
        TopScan<T, TKey>.Least(target.Line + begin, length, TKey.CreateTruncating(target.Flip), vectors, least);
        int candidates = TopScan<T, TKey>.CountUpTo(least, vectors, TKey.CreateTruncating(limit));
        if (candidates >= wanted)
        {
            limit = Math.Min(limit, ulong.CreateTruncating(TopScan<T, TKey>.Limit(least, vectors, wanted)));
        }

        return candidates > 0 || vectors == 0;
    }

    [SkipLocalsInit]
    private void AddLimited<TKey>(in SortTarget<T> target, int begin, int length)
        where TKey : unmanaged, IBinaryInteger<TKey>
    {
        int* places = stackalloc int[Chunk];
        T* elements = target.Line + begin;
        int found = TopScan<T, TKey>.Places(elements, length, TKey.CreateTruncating(target.Flip), TKey.CreateTruncating(limit), places);
        for (int index = 0; index < found; index++)
        {
            int place = places[index];
            records[held + index] = TRule.Of(SortKey.OfEqual(elements[place]) ^ target.Flip, begin + place);
        }

        held += found;
    }

    /// <summary>Makes room for a chunk.</summary>
    private void MakeRoom()
    {
        if (held + Chunk > capacity || (limit == Unlimited && held >= Chunk && held >= LeastBounding * wanted))
        {
            Reduce();
        }
    }

    private void Reduce()
    {
        TRecord* sorted = RadixSort<T, TRecord, TRule>.Run(records, records + capacity, held, SortKey.Bits<T>());
        held = Math.Min(held, wanted);
        if (sorted != records)
        {
            new ReadOnlySpan<TRecord>(sorted, held).CopyTo(new Span<TRecord>(records, held));
        }

        if (held == wanted)
        {
            LimitBelow(TRule.KeyOf(records[wanted - 1]));
        }
    }

    private void LimitBelow(ulong key)
    {
        isComplete |= key == 0;
        limit = Math.Min(limit, key - 1);
    }
}
