using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Data.Parsing.Json;

namespace TensorCell.Data.Parsing;

/// <summary>
/// Numbers the different texts of one column of one chunk in the order in which they come, by a hash table with linear probing. Where
/// nearly every text is another, it gives up looking and only appends.
/// </summary>
internal sealed unsafe class TextInterner
{
    private const int LookBeforeGivingUp = 512;
    private int[] slots = new int[1024];
    private uint[] hashes = new uint[512];
    private int[] ends = new int[512];
    private byte[] bytes = new byte[8 << 10];
    private byte[] scratch = new byte[256];
    private int count;
    private int used;
    private int looked;

    /// <summary>Whether to go on looking even where nearly every text is another.</summary>
    public bool NeverGivesUp { get; init; }

    /// <summary>Whether no text came twice, or if it did, has one number.</summary>
    public bool IsDistinct { get; private set; }

    public void Clear()
    {
        slots.AsSpan().Clear();
        count = 0;
        used = 0;
        looked = 0;
        IsDistinct = true;
    }

    /// <summary>The texts so far.</summary>
    public TextBlock ToBlock() => new(bytes.AsSpan(0, used).ToArray(), ends.AsSpan(0, count).ToArray(), count);

    /// <summary>The number of a text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Intern(byte* text, int length)
    {
        if (!IsDistinct)
        {
            return Append(text, length, 0);
        }

        if (++looked == LookBeforeGivingUp && !NeverGivesUp && count > LookBeforeGivingUp - (LookBeforeGivingUp / 8))
        {
            IsDistinct = false;
            return Append(text, length, 0);
        }

        uint hash = TextHash.Of(text, length);
        int mask = slots.Length - 1;
        for (int slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            int number = slots[slot] - 1;
            if (number < 0)
            {
                slots[slot] = count + 1;
                number = Append(text, length, hash);
                if (count * 2 > slots.Length)
                {
                    Grow();
                }

                return number;
            }

            if (hashes[number] == hash && Matches(number, text, length))
            {
                return number;
            }
        }
    }

    /// <summary>The number of a text given between its quotes, where quotes are doubled.</summary>
    public int InternQuoted(byte* inner, int length, byte quote)
    {
        ReserveScratch(length);
        int written = 0;
        for (int at = 0; at < length; at++, written++)
        {
            scratch[written] = inner[at];
            at += inner[at] == quote ? 1 : 0;
        }

        fixed (byte* text = scratch)
        {
            return Intern(text, written);
        }
    }

    /// <summary>The number of a text given as a JSON string with escapes, known to be right.</summary>
    public int InternEscaped(byte* inner, int length)
    {
        ReserveScratch(length);
        int written = JsonString.Decode(inner, length, scratch);
        fixed (byte* text = scratch)
        {
            return Intern(text, written);
        }
    }

    private void ReserveScratch(int length)
    {
        if (scratch.Length < length + FieldPadding.After)
        {
            scratch = new byte[Math.Max(length + FieldPadding.After, scratch.Length * 2)];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Matches(int number, byte* text, int length)
    {
        int start = number == 0 ? 0 : ends[number - 1];
        return ends[number] - start == length
            && new ReadOnlySpan<byte>(text, length).SequenceEqual(bytes.AsSpan(start, length));
    }

    private int Append(byte* text, int length, uint hash)
    {
        if (count == ends.Length)
        {
            Array.Resize(ref ends, count * 2);
            Array.Resize(ref hashes, count * 2);
        }

        if (used + length > bytes.Length)
        {
            Array.Resize(ref bytes, (int)BitOperations.RoundUpToPowerOf2((uint)(used + length)));
        }

        new ReadOnlySpan<byte>(text, length).CopyTo(bytes.AsSpan(used));
        used += length;
        ends[count] = used;
        hashes[count] = hash;
        return count++;
    }

    private void Grow()
    {
        slots = new int[slots.Length * 4];
        int mask = slots.Length - 1;
        for (int number = 0; number < count; number++)
        {
            int slot = (int)hashes[number] & mask;
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = number + 1;
        }
    }
}
