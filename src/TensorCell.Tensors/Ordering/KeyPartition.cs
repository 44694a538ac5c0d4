using System.Numerics;

namespace TensorCell.Tensors.Ordering;

/// <summary>
/// Intervals of keys of about equally many records, as a sample of them tells. Keys are first cut into cells of equal width between the least and
/// the greatest of the sample, and neighbouring cells joined until they hold enough of it.
/// </summary>
internal sealed class KeyPartition
{
    private const int MostCellBits = 15;
    private const int CellBitsPerPart = 8;

    private KeyPartition(int shift, ulong first, ushort[] parts, ulong[] begins, int[] bits)
    {
        Shift = shift;
        First = first;
        Parts = parts;
        Begins = begins;
        Bits = bits;
    }

    /// <summary>How many low bits of a key do not matter for its cell.</summary>
    public int Shift { get; }

    /// <summary>What a shifted key of the first cell is.</summary>
    public ulong First { get; }

    /// <summary>The interval of each cell; keys before the first belong to it, those behind the last to that.</summary>
    public ushort[] Parts { get; }

    /// <summary>For each interval, a number that all its keys are at least as great as.</summary>
    public ulong[] Begins { get; }

    /// <summary>For each interval, how many bits its keys take, less where it begins.</summary>
    public int[] Bits { get; }

    /// <summary>Finds intervals.</summary>
    /// <param name="sample">Some keys.</param>
    /// <param name="count">About how many intervals.</param>
    /// <param name="begin">A number that all keys are at least as great as.</param>
    /// <param name="bits">How many bits keys take, less that.</param>
    public static KeyPartition Of(ReadOnlySpan<ulong> sample, int count, ulong begin, int bits)
    {
        ulong least = ulong.MaxValue;
        ulong greatest = 0;
        foreach (ulong key in sample)
        {
            least = Math.Min(least, key);
            greatest = Math.Max(greatest, key);
        }

        int cellBits = Math.Min(MostCellBits, BitOperations.Log2((uint)count) + CellBitsPerPart);
        int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(greatest - least) - cellBits);
        shift += (greatest >> shift) - (least >> shift) >= 1UL << cellBits ? 1 : 0;
        ulong first = least >> shift;
        ushort[] held = new ushort[(int)((greatest >> shift) - first) + 1];
        foreach (ulong key in sample)
        {
            held[(int)((key >> shift) - first)]++;
        }

        ushort[] parts = new ushort[held.Length];
        List<int> begins = [0];
        int enough = Math.Max(1, sample.Length / count);
        int own = 0;
        for (int cell = 0; cell < held.Length; cell++)
        {
            if (own > 0 && own + held[cell] > enough)
            {
                begins.Add(cell);
                own = 0;
            }

            own += held[cell];
            parts[cell] = checked((ushort)(begins.Count - 1));
        }

        ulong[] from = new ulong[begins.Count];
        int[] left = new int[begins.Count];
        for (int part = 0; part < left.Length; part++)
        {
            ulong start = (first + (ulong)begins[part]) << shift;
            ulong end = ((first + (ulong)(part + 1 < left.Length ? begins[part + 1] : held.Length)) << shift) - 1;

            // The outermost have what lies beyond the sample, too.
            bool isOutermost = part == 0 || part == left.Length - 1;
            from[part] = isOutermost ? begin : start;
            left[part] = isOutermost ? bits : 64 - BitOperations.LeadingZeroCount(end - start);
        }

        return new KeyPartition(shift, first, parts, from, left);
    }
}
