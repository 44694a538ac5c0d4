using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Ordering;

/// <summary>Sorts records by their keys, from the lowest digit to the highest, on one thread; records with equal keys keep their order.</summary>
internal static unsafe class RadixSort<T, TRecord, TRule>
    where T : unmanaged
    where TRecord : unmanaged
    where TRule : struct, ISortRecord<T, TRecord>
{
    private const int FewRecords = 24;
    private const int WideFrom = 1 << 12;
    private const int MostDigitBits = 11;

    /// <summary>Sorts records.</summary>
    /// <param name="records">The records; they are moved about.</param>
    /// <param name="spare">Room for as many.</param>
    /// <param name="count">How many.</param>
    /// <param name="bits">How many bits their keys take, less where they begin.</param>
    /// <param name="begin">A number that all keys are at least as great as.</param>
    /// <returns>Where the sorted records are: one of the two.</returns>
    public static TRecord* Run(TRecord* records, TRecord* spare, int count, int bits, ulong begin = 0)
    {
        if (count <= FewRecords)
        {
            Insert(records, count);
            return records;
        }

        int widest = count < WideFrom ? 8 : MostDigitBits;
        int passes = (bits + widest - 1) / widest;
        int digitBits = passes == 0 ? 0 : (bits + passes - 1) / passes;
        uint mask = (1u << digitBits) - 1;
        int* counts = stackalloc int[6 << MostDigitBits];
        new Span<int>(counts, passes << digitBits).Clear();
        Count(records, count, begin, counts, passes, digitBits);
        for (int pass = 0; pass < passes; pass++)
        {
            int* places = counts + (pass << digitBits);
            int shift = pass * digitBits;
            if (places[(uint)((TRule.KeyOf(*records) - begin) >> shift) & mask] == count)
            {
                continue;
            }

            Accumulate(places, 1 << digitBits);
            Move(records, spare, count, begin, places, shift, mask);
            TRecord* moved = spare;
            spare = records;
            records = moved;
            Interruption.Check();
        }

        return records;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Count(TRecord* records, int count, ulong begin, int* counts, int passes, int digitBits)
    {
        uint mask = (1u << digitBits) - 1;
        if (passes == 2)
        {
            int* high = counts + (1 << digitBits);
            for (int index = 0; index < count; index++)
            {
                ulong key = TRule.KeyOf(records[index]) - begin;
                counts[(uint)key & mask]++;
                high[(uint)(key >> digitBits) & mask]++;
            }

            return;
        }

        for (int index = 0; index < count; index++)
        {
            ulong key = TRule.KeyOf(records[index]) - begin;
            for (int pass = 0; pass < passes; pass++)
            {
                counts[(pass << digitBits) + (int)((uint)key & mask)]++;
                key >>= digitBits;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move(TRecord* records, TRecord* target, int count, ulong begin, int* places, int shift, uint mask)
    {
        for (nint index = 0; index < count; index++)
        {
            TRecord record = records[index];
            int* place = places + ((uint)((TRule.KeyOf(record) - begin) >> shift) & mask);
            int next = *place;
            *place = next + 1;
            target[(nuint)(uint)next] = record;
        }
    }

    private static void Accumulate(int* places, int digits)
    {
        int sum = 0;
        for (int digit = 0; digit < digits; digit++)
        {
            int own = places[digit];
            places[digit] = sum;
            sum += own;
        }
    }

    private static void Insert(TRecord* records, int count)
    {
        for (int index = 1; index < count; index++)
        {
            TRecord record = records[index];
            int place = index;
            for (; place > 0 && TRule.Precedes(record, records[place - 1]); place--)
            {
                records[place] = records[place - 1];
            }

            records[place] = record;
        }
    }
}
