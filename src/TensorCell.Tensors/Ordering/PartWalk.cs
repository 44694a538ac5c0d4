using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Ordering;

/// <summary>Goes over records and finds the part of a <see cref="KeyPartition"/> that each belongs to.</summary>
internal readonly unsafe ref struct PartWalk<T, TRecord, TRule>
    where T : unmanaged
    where TRecord : unmanaged
    where TRule : struct, ISortRecord<T, TRecord>
{
    private const int Chunk = 512;
    private const int GatheredBytes = 128;

    private readonly SortTarget<T> target;
    private readonly TRecord* from;
    private readonly KeyPartition partition;

    private static uint Gathered => (uint)(GatheredBytes / sizeof(TRecord));

    /// <summary>Prepares a walk.</summary>
    /// <param name="target">The line of the records' elements.</param>
    /// <param name="from">The records, or null to make them of the elements.</param>
    /// <param name="partition">The parts.</param>
    public PartWalk(SortTarget<T> target, TRecord* from, KeyPartition partition)
    {
        this.target = target;
        this.from = from;
        this.partition = partition;
    }

    /// <summary>Counts the records of each part.</summary>
    /// <param name="block">Which records.</param>
    /// <param name="counts">One for each part.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Count((int Begin, int End) block, Span<int> counts)
    {
        TRecord* own = stackalloc TRecord[Chunk];
        uint* cells = stackalloc uint[Chunk];
        fixed (int* next = counts)
        fixed (ushort* parts = partition.Parts)
        {
            for (int begin = block.Begin; begin < block.End; begin += Chunk)
            {
                int length = Math.Min(Chunk, block.End - begin);
                Cells(Records(begin, length, own), length, cells);
                for (nint index = 0; index < length; index++)
                {
                    next[parts[cells[index]]]++;
                }

                Interruption.Check();
            }
        }
    }

    /// <summary>
    /// Moves the records to their parts. For each part two cache lines of them are gathered and written as a whole: written one by one, the lines
    /// of so many parts would be read from memory only to be overwritten.
    /// </summary>
    /// <param name="block">Which records.</param>
    /// <param name="places">For each part, where the next goes.</param>
    /// <param name="to">Where they go, at a multiple of a cache line.</param>
    public void Move((int Begin, int End) block, Span<int> places, TRecord* to)
    {
        TRecord* own = stackalloc TRecord[Chunk];
        uint* cells = stackalloc uint[Chunk];
        uint[] firsts = MemoryMarshal.Cast<int, uint>(places).ToArray();
        using CpuBuffer gathered = CpuBuffer.Allocate((long)places.Length * GatheredBytes);
        fixed (int* next = places)
        fixed (uint* first = firsts)
        fixed (ushort* parts = partition.Parts)
        {
            TRecord* lines = (TRecord*)gathered.Address;
            for (int begin = block.Begin; begin < block.End; begin += Chunk)
            {
                int length = Math.Min(Chunk, block.End - begin);
                TRecord* chunk = Records(begin, length, own);
                Cells(chunk, length, cells);
                Gather(chunk, cells, length, parts, (uint*)next, first, lines, to);
                Interruption.Check();
            }

            for (int part = 0; part < places.Length; part++)
            {
                uint open = (uint)next[part] / Gathered * Gathered;
                for (uint place = Math.Max(open, first[part]); place < (uint)next[part]; place++)
                {
                    to[place] = lines[(part * Gathered) + (place - open)];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(TRecord* chunk, uint* cells, int length, ushort* parts, uint* next, uint* first, TRecord* lines, TRecord* to)
    {
        for (nint index = 0; index < length; index++)
        {
            nuint part = parts[cells[index]];
            uint place = next[part];
            next[part] = place + 1;
            TRecord* gathered = lines + (part * Gathered);
            gathered[place % Gathered] = chunk[index];
            if (place % Gathered == Gathered - 1)
            {
                Flush(gathered, to, place - (Gathered - 1), first[part]);
            }
        }
    }

    /// <summary>Writes what was gathered for a part, but for what is before its first record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Flush(TRecord* gathered, TRecord* to, uint place, uint first)
    {
        if (first <= place)
        {
            Vector512.LoadAligned((byte*)gathered).StoreAlignedNonTemporal((byte*)(to + place));
            Vector512.LoadAligned((byte*)gathered + Vector512<byte>.Count).StoreAlignedNonTemporal((byte*)(to + place) + Vector512<byte>.Count);
            return;
        }

        for (uint index = first - place; index < Gathered; index++)
        {
            to[place + index] = gathered[index];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TRecord* Records(int begin, int length, TRecord* own)
    {
        if (from is not null)
        {
            return from + begin;
        }

        TRule.Fill(target.Line, begin, length, target.Flip, own);
        return own;
    }

    /// <summary>The cell of each record's key.</summary>
    private void Cells(TRecord* records, int count, uint* cells)
    {
        uint last = (uint)partition.Parts.Length - 1;
        int shift = partition.Shift;
        int index = 0;
        if (typeof(TRecord) == typeof(uint))
        {
            Vector512<uint> first = Vector512.Create((uint)partition.First);
            for (; index <= count - Vector512<uint>.Count; index += Vector512<uint>.Count)
            {
                Vector512<uint> shifted = Vector512.Max(Vector512.Load((uint*)records + index) >> shift, first);
                Vector512.Min(shifted - first, Vector512.Create(last)).Store(cells + index);
            }
        }
        else if (typeof(TRecord) == typeof(ulong))
        {
            Vector512<ulong> first = Vector512.Create(partition.First);
            Vector512<ulong> greatest = Vector512.Create((ulong)last);
            int whole = shift + TRule.KeyShift;
            for (; index <= count - Vector512<uint>.Count; index += Vector512<uint>.Count)
            {
                Vector512<ulong> lower = Vector512.Max(Vector512.Load((ulong*)records + index) >> whole, first);
                Vector512<ulong> upper = Vector512.Max(Vector512.Load((ulong*)records + index + Vector512<ulong>.Count) >> whole, first);
                Vector512.Narrow(Vector512.Min(lower - first, greatest), Vector512.Min(upper - first, greatest)).Store(cells + index);
            }
        }

        for (; index < count; index++)
        {
            ulong key = Math.Max(TRule.KeyOf(records[index]) >> shift, partition.First);
            cells[index] = (uint)Math.Min(key - partition.First, last);
        }
    }
}
