using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Tensors;

/// <summary>
/// The checksum of zip files, CRC-32 of ISO 3309: 64 bytes at a time by products without carries (Gopal et al. 2009) where the processor has them, else eight at
/// a time by tables (Kounavis and Berry 2005).
/// </summary>
internal struct Crc32
{
    private const int Slices = 8;
    private static readonly uint[] table = MakeTable();

    private uint complement;

    /// <summary>The checksum of all bytes so far.</summary>
    public readonly uint Value => complement;

    /// <summary>Takes more bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        uint state = ~complement;
        if (Pclmulqdq.IsSupported && bytes.Length >= 4 * Vector128<byte>.Count)
        {
            ReadOnlySpan<Vector128<ulong>> vectors = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
            Vector128<ulong> folded = Fold(vectors, state);
            state = Add(0, MemoryMarshal.AsBytes(new ReadOnlySpan<Vector128<ulong>>(in folded)));
            bytes = bytes[(vectors.Length * Vector128<byte>.Count)..];
        }

        complement = ~Add(state, bytes);
    }

    private static uint Add(uint state, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> slices = table;
        while (bytes.Length >= Slices)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = slices[0x700 + (int)(low & 0xFF)] ^ slices[0x600 + (int)((low >> 8) & 0xFF)]
                ^ slices[0x500 + (int)((low >> 16) & 0xFF)] ^ slices[0x400 + (int)(low >> 24)]
                ^ slices[0x300 + (int)(high & 0xFF)] ^ slices[0x200 + (int)((high >> 8) & 0xFF)]
                ^ slices[0x100 + (int)((high >> 16) & 0xFF)] ^ slices[(int)(high >> 24)];
            bytes = bytes[Slices..];
        }

        foreach (byte value in bytes)
        {
            state = (state >> 8) ^ slices[(int)((state ^ value) & 0xFF)];
        }

        return state;
    }

    /// <summary>Sixteen bytes whose checksum, begun at 0, is that of all the vectors, of which there are at least four, begun at a state.</summary>
    private static Vector128<ulong> Fold(ReadOnlySpan<Vector128<ulong>> vectors, uint state)
    {
        // Powers of x, bits reflected, modulo the polynomial: 4 vectors ahead, and 1.
        Vector128<ulong> byFour = Vector128.Create(0x154442BD4UL, 0x1C6E41596UL);
        Vector128<ulong> byOne = Vector128.Create(0x1751997D0UL, 0x0CCAA009EUL);
        Vector128<ulong> first = vectors[0] ^ Vector128.CreateScalar((ulong)state), second = vectors[1], third = vectors[2], fourth = vectors[3];
        vectors = vectors[4..];
        while (vectors.Length >= 4)
        {
            first = Ahead(first, byFour) ^ vectors[0];
            second = Ahead(second, byFour) ^ vectors[1];
            third = Ahead(third, byFour) ^ vectors[2];
            fourth = Ahead(fourth, byFour) ^ vectors[3];
            vectors = vectors[4..];
        }

        Vector128<ulong> folded = Ahead(Ahead(Ahead(first, byOne) ^ second, byOne) ^ third, byOne) ^ fourth;
        foreach (Vector128<ulong> vector in vectors)
        {
            folded = Ahead(folded, byOne) ^ vector;
        }

        return folded;
    }

    private static Vector128<ulong> Ahead(Vector128<ulong> vector, Vector128<ulong> power) =>
        Pclmulqdq.CarrylessMultiply(vector, power, 0x00) ^ Pclmulqdq.CarrylessMultiply(vector, power, 0x11);

    private static uint[] MakeTable()
    {
        uint[] slices = new uint[Slices << 8];
        for (int entry = 0; entry < slices.Length; entry++)
        {
            uint value = entry < 0x100 ? (uint)entry : slices[entry - 0x100];
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320 : 0);
            }

            slices[entry] = value;
        }

        return slices;
    }
}
