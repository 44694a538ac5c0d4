using TensorCell.Kernels;

namespace TensorCell.Tensors.Ordering;

/// <summary>
/// Sorts one long line on all cores: shared out by intervals of keys into parts that fit a core's cache, which
/// <see cref="RadixSort{T, TRecord, TRule}"/> sorts; a part that got much of the line is shared out again.
/// </summary>
internal sealed unsafe class ParallelSort<T, TRecord, TRule>
    where T : unmanaged
    where TRecord : unmanaged
    where TRule : struct, ISortRecord<T, TRecord>
{
    private const int PartLength = 1 << 13;
    private const int MostParts = 1 << 9;
    private const int SamplesPerPart = 8;
    private const int LongPart = 1 << 17;

    private readonly SortTarget<T> target;
    private readonly TRecord* records;
    private readonly TRecord* spare;

    /// <summary>Prepares a sort.</summary>
    /// <param name="target">The line and where it goes.</param>
    /// <param name="records">Room for as many records as it has elements.</param>
    /// <param name="spare">As much room again.</param>
    public ParallelSort(SortTarget<T> target, TRecord* records, TRecord* spare)
    {
        this.target = target;
        this.records = records;
        this.spare = spare;
    }

    /// <summary>Sorts the line.</summary>
    /// <param name="count">How many elements it has.</param>
    public void Run(int count) => Share(null, records, spare, 0, count, 0, SortKey.Bits<T>());

    /// <summary>Shares out records, then sorts each part.</summary>
    /// <param name="from">Where they are, or null for those of the line's elements.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="other">Where those go that are shared out again.</param>
    /// <param name="place">Where the first is in all of these, and will be in the sorted line.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="least">A number that all their keys are at least as great as.</param>
    /// <param name="bits">How many bits their keys take, less that.</param>
    private void Share(TRecord* from, TRecord* to, TRecord* other, int place, int count, ulong least, int bits)
    {
        int blocks = Math.Clamp(count / PartLength, 1, Workers.ThreadCount * 4);
        KeyPartition partition = KeyPartition.Of(Sample(from, place, count), Math.Clamp(count / PartLength, 2, MostParts), least, bits);
        int parts = partition.Bits.Length;
        int[] places = new int[blocks * parts];
        Workers.For(blocks, block => new PartWalk<T, TRecord, TRule>(target, from, partition).Count(
            Block(place, count, blocks, block), places.AsSpan(block * parts, parts)));
        int[] ends = Accumulate(places, blocks, parts, place);
        Workers.For(blocks, block => new PartWalk<T, TRecord, TRule>(target, from, partition).Move(
            Block(place, count, blocks, block), places.AsSpan(block * parts, parts), to));
        bool[] isShared = new bool[parts];
        int longest = 0;
        for (int part = 0; part < parts; part++)
        {
            int begin = part == 0 ? place : ends[part - 1];
            int length = ends[part] - begin;
            isShared[part] = length >= LongPart && length > count / 4 && partition.Bits[part] < bits;
            if (isShared[part])
            {
                Share(to, other, to, begin, length, partition.Begins[part], partition.Bits[part]);
            }
            else
            {
                longest = Math.Max(longest, length);
            }
        }

        // Each thread moves records between a part and the same memory again and again, which stays in its cache.
        using CpuBuffer scratch = CpuBuffer.Allocate((long)longest * sizeof(TRecord) * Math.Min(Workers.ThreadCount, parts));
        Workers.For(parts, (part, participant) =>
        {
            int begin = part == 0 ? place : ends[part - 1];
            if (!isShared[part] && ends[part] > begin)
            {
                TRecord* own = (TRecord*)scratch.Address + ((long)longest * participant);
                TRecord* sorted = RadixSort<T, TRecord, TRule>.Run(to + begin, own, ends[part] - begin, partition.Bits[part], partition.Begins[part]);
                TRule.Write(sorted, begin, ends[part] - begin, target);
            }
        });
    }

    /// <summary>Keys of records spread evenly over all of them.</summary>
    private ulong[] Sample(TRecord* from, int first, int count)
    {
        ulong[] keys = new ulong[Math.Min(count, Math.Clamp(count / PartLength, 2, MostParts) * SamplesPerPart)];
        TRecord one;
        for (int index = 0; index < keys.Length; index++)
        {
            int place = first + (int)((long)count * index / keys.Length);
            if (from is null)
            {
                TRule.Fill(target.Line, place, 1, target.Flip, &one);
            }
            else
            {
                one = from[place];
            }

            keys[index] = TRule.KeyOf(one);
        }

        return keys;
    }

    /// <summary>Turns the counts of each block into where its records of each part begin.</summary>
    /// <returns>Where the records of each part end.</returns>
    private static int[] Accumulate(int[] places, int blocks, int parts, int first)
    {
        int[] ends = new int[parts];
        int sum = first;
        for (int part = 0; part < parts; part++)
        {
            for (int block = 0; block < blocks; block++)
            {
                int own = places[(block * parts) + part];
                places[(block * parts) + part] = sum;
                sum += own;
            }

            ends[part] = sum;
        }

        return ends;
    }

    private static (int Begin, int End) Block(int first, int count, int blocks, int block) =>
        (first + (int)((long)count * block / blocks), first + (int)((long)count * (block + 1) / blocks));
}
