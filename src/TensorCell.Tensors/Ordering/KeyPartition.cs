using System.Numerics;

namespace TensorCell.Tensors.Ordering;

/// <summary>
/// Intervals of keys of about equally many records, as a sample of them tells. Keys are first cut into cells of equal width between the least and
/// the greatest of the sample, and neighbouring cells joined until they hold enough of it.
/// </summary>
internal sealed class KeyPartition
{
    private const int MostCellBits = 16;
    private const int CellBitsPerPart = 7;

    private KeyPartition(int shift, ulong first, ushort[] parts, int[] bits)
    {
        Shift = shift;
        First = first;
        Parts = parts;
        Bits = bits;
    }

    /// <summary>How many low bits of a key do not matter for its cell.</summary>
    public int Shift { get; }

    /// <summary>What a shifted key of the first cell is.</summary>
    public ulong First { get; }

    /// <summary>The interval of each cell; keys before the first belong to it, those behind the last to that.</summary>
    public ushort[] Parts { get; }

    /// <summary>For each interval, how many low bits of its keys may differ.</summary>
    public int[] Bits { get; }

    /// <summary>Finds intervals.</summary>
    /// <param name="sample">Some keys.</param>
    /// <param name="count">About how many intervals.</param>
    /// <param name="bits">How many low bits of keys may differ.</param>
    public static KeyPartition Of(ReadOnlySpan<ulong> sample, int count, int bits)
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
        int[] held = new int[(int)((greatest >> shift) - first) + 1];
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

        int[] left = new int[begins.Count];
        for (int part = 0; part < left.Length; part++)
        {
            ulong begin = (first + (ulong)begins[part]) << shift;
            ulong end = ((first + (ulong)(part + 1 < left.Length ? begins[part + 1] : held.Length)) << shift) - 1;

            // The outermost have what lies beyond the sample, too.
            left[part] = part == 0 || part == left.Length - 1 ? bits : 64 - BitOperations.LeadingZeroCount(begin ^ end);
        }

        return new KeyPartition(shift, first, parts, left);
    }
}
